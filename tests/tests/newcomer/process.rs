//! The newcomer, as a process.

use std::process::Stdio;

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::task::JoinHandle;
use tower_telemetry_tests::{Answer, Caller, Captured, Line, answer, request, soon, until};

/// It ends when this is dropped.
pub(crate) struct Newcomer {
    child: Child,
    lines: Captured,
    reader: JoinHandle<()>,
}

impl Newcomer {
    /// Starts it in an environment that has these variables and no others.
    pub(crate) fn start(environment: &[(&str, &str)]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_newcomer"));
        command.env_clear().envs(environment.iter().copied());
        // Others may run on this machine that have the default port.
        command.env("OTEL_EXPORTER_PROMETHEUS_PORT", "0").kill_on_drop(true);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap()).lines();
        let lines = Captured::default();
        let mut written = lines.clone();
        let reader = tokio::spawn(async move {
            while let Ok(Some(line)) = stdout.next_line().await {
                std::io::Write::write_all(&mut written, format!("{line}\n").as_bytes()).unwrap();
            }
        });
        Self { child, lines, reader }
    }

    /// The first line that has this text as this field.
    pub(crate) async fn line(&self, key: &str, text: &str) -> Line {
        let find = || self.lines.lines().into_iter().find(|line| line.text(key) == Some(text));
        until(&format!("a line whose {key} is {text}"), || find().is_some()).await;
        find().unwrap()
    }

    /// Asks the service.
    pub(crate) async fn get(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        let start = self.line("message", "listening").await;
        self.ask(start.text("addr").unwrap(), path, headers).await
    }

    /// Asks the admin listener.
    pub(crate) async fn admin(&self, path: &str) -> Answer {
        let start = self.line("message", "telemetry is set up").await;
        let addr = start.text("metrics").unwrap().strip_prefix("http://").unwrap().to_owned();
        self.ask(addr.strip_suffix("/metrics").unwrap(), path, &[]).await
    }

    /// Ends it, and gives all lines that it wrote.
    pub(crate) async fn end(mut self) -> Vec<Line> {
        drop(self.child.stdin.take());
        assert!(soon(self.child.wait()).await.unwrap().success());
        soon(self.reader).await.unwrap();
        self.lines.lines()
    }

    async fn ask(&self, addr: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
        let request = request(http::Method::GET, &format!("http://{addr}{path}"), headers);
        answer(soon(Caller::http1().request(request)).await.unwrap()).await
    }
}
