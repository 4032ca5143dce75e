//! Where Rotel sends what it received: a listener that reads it with OpenTelemetry's own definitions.

use std::{
    net::SocketAddr,
    process::{Command, Stdio},
    sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc},
    time::Duration,
};

use super::told::Told;
use crate::{Result, e2e::guarded::Guarded, workspace};

pub(crate) const PYTHON: &str = "target/e2e/bin/python";
pub(crate) const SOURCE: &str = include_str!("listener.py");
/// From its start to its port.
const START: Duration = Duration::from_secs(20);

/// A listener that runs until this is dropped.
#[derive(Debug)]
pub(crate) struct Listener {
    process: Guarded,
    told: Arc<Mutex<Told>>,
    pub(crate) address: SocketAddr,
}

/// Whether there is all that the suite needs.
///
/// # Errors
///
/// Something is missing.
pub(crate) fn installed() -> Result {
    let mut python = Command::new(workspace::path(PYTHON));
    python.args(["-c", "import opentelemetry.proto, rotel"]).stdin(Stdio::null()).stderr(Stdio::null());
    if python.status().is_ok_and(|status| status.success()) {
        return Ok(());
    }
    Err("Rotel or OpenTelemetry's definitions are missing: run `python3 -m venv target/e2e && \
         target/e2e/bin/pip install rotel==0.0.1a15 opentelemetry-proto==1.45.2`"
        .into())
}

impl Listener {
    /// Starts it on a port of the system's choice.
    ///
    /// # Errors
    ///
    /// It does not start; the end of its log is told.
    pub(crate) fn start() -> Result<Self> {
        let told = Arc::<Mutex<Told>>::default();
        let (port_told, port) = mpsc::channel();
        let exports = Arc::clone(&told);
        let process = Guarded::start(workspace::path(PYTHON), ["-c", SOURCE], move |line| {
            if let Ok(port) = line.parse::<u16>() {
                // Nobody waits any more where it came too late.
                let _ = port_told.send(port);
                return None;
            }
            let export = exports.lock().unwrap_or_else(PoisonError::into_inner).add(&line);
            (!export).then_some(line)
        })?;
        let port = port.recv_timeout(START).map_err(|_| {
            format!("the listener does not listen within {START:?}; its log ends:\n{}", process.log())
        })?;
        Ok(Self { process, told, address: SocketAddr::from(([127, 0, 0, 1], port)) })
    }

    /// What came so far.
    pub(crate) fn told(&self) -> MutexGuard<'_, Told> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The end of its log.
    pub(crate) fn log(&self) -> String {
        self.process.log()
    }
}
