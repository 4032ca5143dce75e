//! The clients: programs that others wrote, or scripts over their libraries.

use std::{
    path::PathBuf,
    process::{Command, Stdio},
};

use tower_telemetry_core::names::header;

use super::server::Server;
use crate::{Result, e2e::piped, process, workspace};

const PYTHON: &str = "target/e2e/bin/python";
const PYTHON_REMEDY: &str =
    "run `python3 -m venv target/e2e && target/e2e/bin/pip install h2==4.4.1 kosoku==0.1.0`";
const GO_REMEDY: &str = "the cases of grpc-go need Go, as from https://go.dev/dl";

const HTTP1: &str = include_str!("http1.py");
const HTTP2: &str = include_str!("http2.py");
const SOCKETS: &str = include_str!("sockets.py");

/// What ends the line of a case that fails by itself.
const FAILED: &str = "<failed>";

/// One client.
#[derive(Debug)]
pub(super) struct Client {
    pub(super) name: &'static str,
    pub(super) far: Far,
    program: Program,
    /// The port that it calls, by name.
    port: &'static str,
}

/// Whom it calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Far {
    /// Our server.
    Ours,
    /// A server of its own kind, by way of our relay.
    Relayed,
}

/// What it is.
#[derive(Debug)]
enum Program {
    Go,
    Python(&'static str),
}

/// All clients, ready to run.
///
/// # Errors
///
/// A program is missing, or does not build.
pub(super) fn all() -> Result<Vec<Client>> {
    let mut libraries = Command::new(workspace::path(PYTHON));
    libraries.args(["-c", "import h2, kosoku"]).stdin(Stdio::null()).stderr(Stdio::null());
    if !libraries.status().is_ok_and(|status| status.success()) {
        return Err(format!("h2 or kosoku is missing: {PYTHON_REMEDY}").into());
    }
    let mut go = Command::new("go");
    go.args(["build", "-o"]).arg(go_program()).current_dir(workspace::path("tests/interop/go"));
    process::run(&mut go).map_err(|error| format!("{error}; {GO_REMEDY}"))?;
    let client = |name, program, port, far| Client { name, far, program, port };
    Ok(vec![
        client("grpc-go to our server", Program::Go, "grpc", Far::Ours),
        client("grpc-go to grpc-go, by way of our client", Program::Go, "grpc", Far::Relayed),
        client("the Autobahn cases", Program::Python(SOCKETS), "http", Far::Ours),
        client("the edges of HTTP/1", Program::Python(HTTP1), "http", Far::Ours),
        client("the edges of HTTP/2", Program::Python(HTTP2), "http", Far::Ours),
    ])
}

/// Where the program of Go is.
pub(super) fn go_program() -> PathBuf {
    workspace::path("target/e2e/interop-go")
}

impl Client {
    /// Runs it, and answers what it saw.
    ///
    /// # Errors
    ///
    /// It fails, or finds that the server does.
    pub(super) fn run(&self, server: &Server) -> Result<String> {
        let address = server.address(self.port)?;
        let mut command = match self.program {
            Program::Go => Command::new(go_program()),
            Program::Python(_) => Command::new(workspace::path(PYTHON)),
        };
        match self.program {
            Program::Go => command.args(["client", &address]),
            Program::Python(script) => command.args(["-c", script, &address]),
        };
        // What the windows add to responses, and the time of day.
        let added = [&header::X_REQUEST_ID, &header::SERVER_TIMING, &header::X_RESPONSE_TIME_MS];
        command.args(added.map(|name| name.as_str())).arg("date");
        let told = piped::output(&mut command, "", GO_REMEDY)
            .map_err(|error| format!("{}: {error}\nthe server:\n{}", self.name, server.log()))?;
        match told.lines().find(|line| line.ends_with(FAILED)) {
            Some(line) => Err(format!("{}: {line}", self.name).into()),
            None if told.is_empty() => Err(format!("{} says nothing", self.name).into()),
            None => Ok(told),
        }
    }
}
