//! A Prometheus server that scrapes the shop.

use std::{
    fs,
    net::SocketAddr,
    process::{Command, Stdio},
    sync::mpsc,
    time::Duration,
};

use super::form::Form;
use crate::{Result, e2e::guarded::Guarded, workspace};

/// From its start to its first answer.
const START: Duration = Duration::from_secs(30);

/// A server that runs until this is dropped.
#[derive(Debug)]
pub(crate) struct Server {
    process: Guarded,
    pub(crate) address: SocketAddr,
}

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

        let args = [
            "--web.listen-address=127.0.0.1:0".to_owned(),
            format!("--config.file={}", config.display()),
            format!("--storage.tsdb.path={}", folder.join("data").display()),
            format!("--enable-feature={}", form.features()),
        ];
        let (told, address) = mpsc::channel();
        let process = Guarded::start("prometheus", args, move |line| {
            // Nobody waits any more where it came too late.
            let _ = listens(&line).map(|address| told.send(address));
            Some(line)
        })?;
        let address = address.recv_timeout(START).map_err(|_| {
            format!("Prometheus does not listen within {START:?}; its log ends:\n{}", process.log())
        })?;
        Ok(Self { process, address })
    }

    /// The end of its log.
    pub(crate) fn log(&self) -> String {
        self.process.log()
    }
}

fn configuration(target: SocketAddr) -> String {
    format!(
        "global: {{scrape_interval: 1s, scrape_timeout: 1s}}\n\
         scrape_configs: [{{job_name: shop, static_configs: [{{targets: ['{target}']}}]}}]\n"
    )
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
    fn the_log_tells_where_it_listens() {
        let asked = "component=web msg=\"Start listening for connections\" address=127.0.0.1:0";
        let listening = "component=web msg=\"Listening on\" address=127.0.0.1:33491";
        assert_eq!(listens(asked), None);
        assert_eq!(listens(listening), Some(SocketAddr::from(([127, 0, 0, 1], 33491))));
    }
}
