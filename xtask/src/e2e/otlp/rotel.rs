//! A collector that somebody else wrote: Rotel takes OTLP, and sends on what it understood.

use std::{
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    process::Command,
    time::Duration,
};

use crate::{
    Result,
    e2e::{deadline::Deadline, guarded::Guarded},
    process, workspace,
};

const PYTHON: &str = "target/e2e/bin/python";
/// The package brings a binary, and its Python would start it as a daemon that outlives us.
const WHERE: &str = "import pathlib, rotel; print(pathlib.Path(rotel.__file__).with_name('rotel-agent'))";
/// From its start to its first connection.
const START: Duration = Duration::from_secs(20);
const CONNECT: Duration = Duration::from_secs(1);

/// A collector that runs until this is dropped.
#[derive(Debug)]
pub(crate) struct Rotel {
    process: Guarded,
    pub(crate) grpc: SocketAddr,
    pub(crate) http: SocketAddr,
}

impl Rotel {
    /// Starts it; what it receives goes to this address, over HTTP.
    ///
    /// # Errors
    ///
    /// It does not start; the end of its log is told.
    pub(crate) fn start(listener: SocketAddr) -> Result<Self> {
        let binary = process::stdout(Command::new(workspace::path(PYTHON)).args(["-c", WHERE]))?;
        let [grpc, http] = free_ports()?;
        let [grpc_endpoint, http_endpoint] = [grpc, http].map(|address| address.to_string());
        let exporter_endpoint = format!("http://{listener}");
        let args = [
            "start",
            "--otlp-grpc-endpoint",
            &grpc_endpoint,
            "--otlp-http-endpoint",
            &http_endpoint,
            "--exporter",
            "otlp",
            "--otlp-exporter-endpoint",
            &exporter_endpoint,
            "--otlp-exporter-protocol",
            "http",
        ];
        let process = Guarded::start(binary.trim_end(), args, Some)?;
        for address in [grpc, http] {
            let connected =
                Deadline::after(START).until(|| Ok(TcpStream::connect_timeout(&address, CONNECT)?));
            connected.map_err(|error| {
                format!("Rotel does not listen on {address}: {error}; its log ends:\n{}", process.log())
            })?;
        }
        Ok(Self { process, grpc, http })
    }

    /// The end of its log.
    pub(crate) fn log(&self) -> String {
        self.process.log()
    }
}

/// Two ports that nobody has: Rotel does not say which it got where it is asked for any.
fn free_ports() -> Result<[SocketAddr; 2]> {
    let any = || TcpListener::bind((Ipv4Addr::LOCALHOST, 0));
    // Both at once, for one that is free again might be given twice.
    let (one, other) = (any()?, any()?);
    Ok([one.local_addr()?, other.local_addr()?])
}
