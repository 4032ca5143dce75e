//! `contract URL`: a table of what a live service keeps of the response contract.

use std::error::Error;
use std::process::ExitCode;

use clap::Parser;
use contract::{Ask, Client, Heard, Protocol, judge};
use http::{HeaderName, Uri};

/// Tells whether a live service keeps the response contract.
///
/// Ends with 0 if all rules that could be judged are kept, with 1 if one is broken, with 2 if the service does not answer.
#[derive(Debug, Parser)]
#[command(name = "contract", version)]
struct Args {
    /// What to ask for: an http or https URL that may be asked for some twenty times
    #[arg(value_name = "URL")]
    url: Uri,
    /// How to ask
    #[arg(long, value_enum, default_value = "http")]
    protocol: Protocol,
    /// The header that carries the request id
    #[arg(long, value_name = "HEADER", default_value = "x-request-id")]
    id_header: HeaderName,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run(Args::parse()).await {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::from(1),
        Err(error) => {
            eprintln!("contract: {error}");
            let mut cause = error.source();
            while let Some(error) = cause {
                eprintln!("  {error}");
                cause = error.source();
            }
            ExitCode::from(2)
        }
    }
}

/// How many rules are broken.
async fn run(args: Args) -> Result<usize, Box<dyn Error>> {
    let Args { url: uri, protocol, id_header } = args;
    println!("{uri}");
    let client = Client::new(protocol)?;
    let report = judge(&Heard::of(&client, &Ask { uri, protocol, id_header }).await?);
    println!("{report}");
    Ok(report.broken())
}
