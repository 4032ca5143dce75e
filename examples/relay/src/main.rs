//! The relay on a port of this machine.

use std::error::Error;
use std::net::Ipv4Addr;
use std::process::ExitCode;

use clap::Parser;
use tokio::net::TcpListener;
use tower_telemetry::Telemetry;

/// A service that posts what it is told to post, and passes trace context on.
#[derive(Debug, Parser)]
#[command(name = "relay", version)]
struct Args {
    /// Where it listens, on 127.0.0.1; 0 takes any free port
    #[arg(long, value_name = "PORT", default_value_t = 5000)]
    port: u16,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Args::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("relay: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(args: Args) -> Result<(), Box<dyn Error>> {
    // Several relays run side by side: none has a metrics page of its own.
    let telemetry = Telemetry::builder("relay").without_admin().init()?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, args.port)).await?;
    tracing::info!(addr = %listener.local_addr()?, "listening");
    axum::serve(listener, relay::app(&telemetry)).with_graceful_shutdown(asked_to_stop()).await?;
    telemetry.shutdown().await;
    Ok(())
}

async fn asked_to_stop() {
    // Where there is no such signal, nobody asks.
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending().await
    }
}
