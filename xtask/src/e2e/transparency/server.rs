//! A server or a relay in a process of its own, which says where it listens.

use std::{
    ffi::OsStr,
    sync::mpsc::{self, Receiver},
    time::Duration,
};

use super::super::guarded::Guarded;
use crate::Result;

/// From its start to its first line.
const START: Duration = Duration::from_secs(20);

/// A server that runs until this is dropped.
#[derive(Debug)]
pub(super) struct Server {
    process: Guarded,
    addresses: Receiver<(String, String)>,
}

impl Server {
    /// Starts it.
    ///
    /// # Errors
    ///
    /// There is no shell.
    pub(super) fn start(program: impl AsRef<OsStr>, args: &[&str]) -> Result<Self> {
        let (told, addresses) = mpsc::channel();
        let process = Guarded::start(program, args, move |line| match line.split_once(' ') {
            Some((port @ ("http" | "grpc"), address)) => {
                // Nobody asks any more where it came too late.
                let _ = told.send((port.to_owned(), address.to_owned()));
                None
            }
            _ => Some(line),
        })?;
        Ok(Self { process, addresses })
    }

    /// Where the port of this name is; it is asked for once.
    ///
    /// # Errors
    ///
    /// It does not say so in time; the end of its log is told.
    pub(super) fn address(&self, port: &str) -> Result<String> {
        loop {
            match self.addresses.recv_timeout(START) {
                Ok((name, address)) if name == port => return Ok(address),
                Ok(_) => {}
                Err(_) => return Err(format!("no port {port} within {START:?}:\n{}", self.log()).into()),
            }
        }
    }

    /// The end of what it wrote.
    pub(super) fn log(&self) -> String {
        self.process.log()
    }
}
