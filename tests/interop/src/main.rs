//! A server and a relay that can run bare and watched, for clients that others wrote.
//!
//! `interop serve` answers HTTP at one port and gRPC at another; `interop relay ADDR` hands calls on to the server
//! there. What a client sees has to be the same, whatever `--layers` says: `cargo xtask e2e transparency` compares it.

mod grpc;
mod http;
mod layers;
mod listen;
mod metadata;
mod proto;
mod relay;
mod serve;
mod socket;

use std::{error::Error, net::SocketAddr, process::ExitCode};

use clap::{Parser, Subcommand};
use tower_telemetry::Telemetry;

use crate::layers::Layers;

/// A server and a relay that can run bare and watched, for clients that others wrote.
#[derive(Debug, Parser)]
#[command(name = "interop", version)]
struct Args {
    #[command(subcommand)]
    role: Role,
    /// Where the layers of telemetry stand
    #[arg(long, global = true, value_enum, value_name = "WHERE", default_value = "bare")]
    layers: Layers,
}

#[derive(Debug, Clone, Copy, Subcommand)]
enum Role {
    /// Answers HTTP at one free port and gRPC at another, and says at which
    Serve,
    /// Hands gRPC calls on to the server at this address, by a client that is watched unless the layers are bare
    Relay {
        #[arg(value_name = "ADDR")]
        to: SocketAddr,
    },
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Args::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("interop: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(args: Args) -> Result<(), Box<dyn Error>> {
    // Lines are made as in a service, and go nowhere: the standard output says where to call.
    let telemetry = Telemetry::builder("interop").without_admin().with_log_writer(std::io::sink).init()?;
    match args.role {
        Role::Serve => serve::open(args.layers, &telemetry).await?,
        Role::Relay { to } => relay::open(to, args.layers, &telemetry).await?,
    }
    // Whoever started it ends it.
    std::future::pending().await
}
