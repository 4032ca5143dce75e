//! The shop in a process of its own, and where to find it.

use std::{
    collections::HashMap,
    io::{BufRead, BufReader},
    net::SocketAddr,
    process::{Child, Command, Stdio},
    sync::mpsc::{self, Receiver},
    thread::{self, JoinHandle},
    time::Duration,
};

use serde_json::Value;

use crate::{
    Result,
    e2e::{deadline::Deadline, shop},
};

/// From its start to its first lines.
const START: Duration = Duration::from_secs(30);
/// From the end of its time to that of its process.
const END: Duration = Duration::from_secs(60);

/// A shop that runs until this is dropped.
#[derive(Debug)]
pub(super) struct Subject {
    process: Child,
    /// Its last line.
    reader: Option<JoinHandle<String>>,
    time: Duration,
    pub(super) gateway: SocketAddr,
    pub(super) admin: SocketAddr,
    inventory: SocketAddr,
}

/// Callers in a process of their own, until this is dropped.
#[derive(Debug)]
pub(super) struct Callers(Child);

impl Subject {
    /// Starts it with its own traffic.
    ///
    /// # Errors
    ///
    /// It does not start, or does not say where it is.
    pub(super) fn start(
        binary: &str,
        rate: u32,
        time: Duration,
        settings: &[(&str, String)],
    ) -> Result<Self> {
        let mut command = Command::new(binary);
        command.args(["--plain", "--rate", &rate.to_string(), "--for", &format!("{}s", time.as_secs())]);
        for address in ["--gateway", "--inventory", "--admin"] {
            command.args([address, "127.0.0.1:0"]);
        }
        shop::only(&mut command, settings);
        // What it says on stderr is for people: they see it.
        let mut process = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn()?;
        let lines = BufReader::new(process.stdout.take().ok_or("the shop has no output")?).lines();
        let (told, places) = mpsc::channel();
        let reader = thread::spawn(move || {
            let mut last = String::new();
            for line in lines.map_while(std::result::Result::ok) {
                if let Some(place) = place(&line) {
                    // Nobody listens any more where it came too late.
                    let _ = told.send(place);
                }
                last = line;
            }
            last
        });
        // It has its guard before anything can go wrong.
        let nowhere = SocketAddr::from(([127, 0, 0, 1], 0));
        let reader = Some(reader);
        let mut subject =
            Self { process, reader, time, gateway: nowhere, admin: nowhere, inventory: nowhere };
        let mut places = wait(&places)?;
        let mut place = |name| places.remove(name).ok_or_else(|| format!("the shop has no {name}"));
        (subject.gateway, subject.inventory, subject.admin) =
            (place("gateway")?, place("inventory")?, place("metrics")?);
        Ok(subject)
    }

    /// Its process.
    pub(super) fn id(&self) -> u32 {
        self.process.id()
    }

    /// More callers, until they are dropped.
    ///
    /// # Errors
    ///
    /// They do not start.
    pub(super) fn more_callers(&self, binary: &str, rate: u32) -> Result<Callers> {
        let mut command = Command::new(binary);
        command.args(["traffic", "--plain", "--admin", "127.0.0.1:0", "--seed", "2", "--rate"]);
        command.args([&rate.to_string(), "--gateway", &self.gateway.to_string()]);
        command.args(["--inventory", &self.inventory.to_string()]);
        shop::only(&mut command, &[("OTEL_TRACES_SAMPLER", "always_off".to_owned())]);
        Ok(Callers(command.stdin(Stdio::null()).stdout(Stdio::null()).spawn()?))
    }

    /// Waits for its end, and answers its last line.
    ///
    /// # Errors
    ///
    /// It does not end in time, or it failed.
    pub(super) fn finish(mut self) -> Result<String> {
        let status = Deadline::after(self.time + END)
            .until(|| self.process.try_wait()?.ok_or_else(|| "the shop does not end".into()))?;
        if !status.success() {
            return Err(format!("the shop failed: {status}").into());
        }
        let last = self.reader.take().and_then(|reader| reader.join().ok());
        last.ok_or_else(|| "the log of the shop could not be read".into())
    }
}

impl Drop for Subject {
    fn drop(&mut self) {
        // An error means that it has ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Drop for Callers {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn wait(places: &Receiver<(String, SocketAddr)>) -> Result<HashMap<String, SocketAddr>> {
    let mut found = HashMap::new();
    while found.len() < 3 {
        let late = |_| format!("the shop does not say within {START:?} where it is");
        found.extend([places.recv_timeout(START).map_err(late)?]);
    }
    Ok(found)
}

/// The name and the address of a line that tells of one.
fn place(line: &str) -> Option<(String, SocketAddr)> {
    // Most lines are others: they need not be read.
    if !line.contains("\"url\"") {
        return None;
    }
    let line: Value = serde_json::from_str(line).ok()?;
    let address =
        line.get("url")?.as_str()?.split("://").nth(1)?.trim_end_matches("/metrics").parse().ok()?;
    Some((line.get("name")?.as_str()?.to_owned(), address))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_places_of_the_shop_are_found_in_its_lines() {
        let found = place(r#"{"name":"metrics","url":"http://127.0.0.1:9464/metrics"}"#);
        assert_eq!(found, Some(("metrics".to_owned(), SocketAddr::from(([127, 0, 0, 1], 9464)))));
        let found = place(r#"{"name":"inventory","url":"grpc://127.0.0.1:50051"}"#);
        assert_eq!(found, Some(("inventory".to_owned(), SocketAddr::from(([127, 0, 0, 1], 50051)))));
        assert_eq!(place(r#"{"name":"metrics"}"#), None);
    }
}
