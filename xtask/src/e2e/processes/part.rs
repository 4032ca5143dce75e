//! A part of the shop in a process of its own.

use std::{
    io::{BufRead, BufReader, Read},
    net::SocketAddr,
    process::{Child, Command, Stdio},
    sync::mpsc::{self, Sender},
    thread::{self, JoinHandle},
    time::Duration,
};

use serde_json::Value;

use super::account::Account;
use crate::{
    Result,
    e2e::{deadline::Deadline, http, shop},
};

/// All parts in one process; no argument says so.
pub(super) const WHOLE: &str = "shop";
/// From its start to its first line.
const START: Duration = Duration::from_secs(20);
/// From the signal to its end: exchanges settle, and the last exports are made.
const END: Duration = Duration::from_secs(30);

/// A process that runs until this is dropped.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) name: &'static str,
    process: Child,
    reader: Option<JoinHandle<Account>>,
    admin: SocketAddr,
}

impl Part {
    /// Starts it, and waits for its first words.
    ///
    /// # Errors
    ///
    /// It does not start, or does not say where its metrics are.
    pub(super) fn start(
        binary: &str,
        name: &'static str,
        args: &[String],
        settings: &[(&str, String)],
    ) -> Result<Self> {
        let mut command = Command::new(binary);
        command.args((name != WHOLE).then_some(name)).args(args);
        shop::only(&mut command, settings);
        let mut process = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn()?;
        let stdout = process.stdout.take();
        let (told, admin) = mpsc::channel();
        let reader = thread::spawn(move || stdout.map(|stdout| read(stdout, &told)).unwrap_or_default());
        // It has its guard before anything can go wrong.
        let unknown = SocketAddr::from(([127, 0, 0, 1], 0));
        let mut part = Self { name, process, reader: Some(reader), admin: unknown };
        part.admin = admin
            .recv_timeout(START)
            .map_err(|_| format!("{name} does not say within {START:?} where its metrics are"))?;
        Ok(part)
    }

    /// Its page of metrics.
    ///
    /// # Errors
    ///
    /// It does not answer.
    pub(super) fn metrics(&self) -> Result<String> {
        let page = http::get(self.admin, "/metrics", "text/plain")?;
        Ok(String::from_utf8_lossy(&page.body).into_owned())
    }

    /// Asks it to end, as a supervisor does.
    ///
    /// # Errors
    ///
    /// There is no `kill`, or it has ended already.
    pub(super) fn terminate(&self) -> Result {
        let status = Command::new("kill").args(["-TERM", &self.process.id().to_string()]).status()?;
        if status.success() { Ok(()) } else { Err(format!("{} is gone: {status}", self.name).into()) }
    }

    /// Waits this long for its end and the time that an end takes, and answers what it said.
    ///
    /// # Errors
    ///
    /// It does not end in time, or it failed.
    pub(super) fn finish(mut self, time: Duration) -> Result<Account> {
        let name = self.name;
        let status = Deadline::after(time + END)
            .until(|| self.process.try_wait()?.ok_or_else(|| format!("{name} does not end").into()))?;
        if !status.success() {
            return Err(format!("{name} failed: {status}").into());
        }
        let account = self.reader.take().and_then(|reader| reader.join().ok());
        account.ok_or_else(|| format!("the log of {name} could not be read").into())
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        // An error means that it has ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Reads its log to the end; the address goes out at once.
fn read(stdout: impl Read, admin: &Sender<SocketAddr>) -> Account {
    let mut account = Account::default();
    for line in BufReader::new(stdout).lines().map_while(std::result::Result::ok) {
        if let Ok(line) = serde_json::from_str::<Value>(&line) {
            account.add(&line);
            if let Some(address) = address(&line) {
                // Nobody listens any more where the address came too late.
                let _ = admin.send(address);
            }
        }
        account.last = line;
    }
    account
}

fn address(line: &Value) -> Option<SocketAddr> {
    if line.get("name")?.as_str()? != "metrics" {
        return None;
    }
    line.get("url")?.as_str()?.strip_prefix("http://")?.strip_suffix("/metrics")?.parse().ok()
}
