//! A Prometheus server that scrapes the shop.

use std::{
    collections::VecDeque,
    fs,
    io::{BufRead, BufReader, Read},
    net::SocketAddr,
    process::{Command, Stdio},
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{self, Sender},
    },
    thread,
    time::Duration,
};

use super::{super::guarded::Guarded, form::Form};
use crate::{Result, workspace};

/// From its start to its first answer.
const START: Duration = Duration::from_secs(30);
/// Lines of its log that are kept for the case that it fails.
const KEPT: usize = 20;
/// A server that runs until this is dropped.
#[derive(Debug)]
pub(crate) struct Server {
    /// Held for its drop.
    _guarded: Guarded,
    log: Log,
    pub(crate) address: SocketAddr,
}

/// The end of its log.
type Log = Arc<Mutex<VecDeque<String>>>;

/// Whether there is a Prometheus to run.
///
/// # Errors
///
/// There is none.
pub(crate) fn installed() -> Result {
    match Command::new("prometheus").arg("--version").stdin(Stdio::null()).stdout(Stdio::null()).status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("`prometheus --version` failed: {status}").into()),
        Err(error) => Err(format!(
            "`prometheus` could not be started: {error}; Debian has it (`apt-get install prometheus`)"
        )
        .into()),
    }
}

impl Server {
    /// Starts a server that scrapes this address once a second, on a port of the system's choice.
    ///
    /// # Errors
    ///
    /// It does not start; the end of its log is told.
    pub(crate) fn start(form: Form, target: SocketAddr) -> Result<Self> {
        let folder = workspace::path("target/e2e/prometheus").join(form.name());
        // What an earlier run left would answer questions in place of this one.
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        fs::create_dir_all(&folder)?;
        let config = folder.join("prometheus.yml");
        fs::write(&config, configuration(target))?;

        let mut guarded = Guarded::start("prometheus", |command| {
            command
                .arg("--web.listen-address=127.0.0.1:0")
                .arg(format!("--config.file={}", config.display()))
                .arg(format!("--storage.tsdb.path={}", folder.join("data").display()))
                .arg(format!("--enable-feature={}", form.features()))
                .stdout(Stdio::null())
                .stderr(Stdio::piped());
        })?;
        let log = Log::default();
        let (told, address) = mpsc::channel();
        if let Some(stderr) = guarded.process().stderr.take() {
            let log = Arc::clone(&log);
            thread::spawn(move || read(stderr, &told, &log));
        }
        let address = address.recv_timeout(START);
        let mut server = Self { _guarded: guarded, log, address: SocketAddr::from(([127, 0, 0, 1], 0)) };
        server.address = address.map_err(|_| {
            format!("Prometheus does not listen within {START:?}; its log ends:\n{}", server.log())
        })?;
        Ok(server)
    }

    /// The end of its log.
    pub(crate) fn log(&self) -> String {
        let log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        log.iter().map(String::as_str).collect::<Vec<_>>().join("\n")
    }
}

fn configuration(target: SocketAddr) -> String {
    format!(
        "global: {{scrape_interval: 1s, scrape_timeout: 1s}}\n\
         scrape_configs: [{{job_name: shop, static_configs: [{{targets: ['{target}']}}]}}]\n"
    )
}

/// Reads the log to its end, and hands out the address that it names.
fn read(stderr: impl Read, address: &Sender<SocketAddr>, log: &Mutex<VecDeque<String>>) {
    for line in BufReader::new(stderr).lines().map_while(std::result::Result::ok) {
        if let Some(listens) = listens(&line) {
            // Nobody waits any more where it came too late.
            let _ = address.send(listens);
        }
        let mut log = log.lock().unwrap_or_else(PoisonError::into_inner);
        if log.len() == KEPT {
            log.pop_front();
        }
        log.push_back(line);
    }
}

/// The address in the one line that tells it: the line before says what was asked for, port 0.
fn listens(line: &str) -> Option<SocketAddr> {
    let (_, rest) = line.split_once("\"Listening on\" address=")?;
    rest.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_tells_where_it_listens_and_its_end_is_kept() {
        let mut text = "component=web msg=\"Start listening for connections\" address=127.0.0.1:0\n\
            component=web msg=\"Listening on\" address=127.0.0.1:33491\n"
            .to_owned();
        (0..KEPT).for_each(|line| text.push_str(&format!("{line}\n")));
        let (told, address) = mpsc::channel();
        let log = Mutex::default();
        read(text.as_bytes(), &told, &log);
        assert_eq!(address.try_iter().collect::<Vec<_>>(), [SocketAddr::from(([127, 0, 0, 1], 33491))]);
        let log = log.into_inner().unwrap_or_default();
        assert_eq!((log.len(), log.front().map(String::as_str)), (KEPT, Some("0")));
    }
}
