//! A program in the background that ends with us, even where we are killed.

use std::{
    collections::VecDeque,
    ffi::OsStr,
    io::{BufRead, BufReader, Read},
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex, PoisonError},
    thread,
};

use crate::Result;

/// Lines that are kept for the case that it fails.
const KEPT: usize = 20;
/// The shell's standard input is ours: it ends with us, and the program then too.
const GUARD: &str = r#""$@" 2>&1 & child=$!; read -r _; kill -KILL "$child"; wait"#;

/// A program that runs until this is dropped.
#[derive(Debug)]
pub(crate) struct Guarded {
    guard: Child,
    log: Log,
}

/// The end of what it wrote.
type Log = Arc<Mutex<VecDeque<String>>>;

impl Guarded {
    /// Starts it; each line that it writes, to either output, goes to `reader`, which hands back what is only log.
    ///
    /// # Errors
    ///
    /// There is no shell. A program that is not there is told in the log.
    pub(crate) fn start<I>(
        program: impl AsRef<OsStr>,
        args: I,
        reader: impl FnMut(String) -> Option<String> + Send + 'static,
    ) -> Result<Self>
    where
        I: IntoIterator,
        I::Item: AsRef<OsStr>,
    {
        let mut guard = Command::new("sh")
            .args(["-c", GUARD, "sh"])
            .arg(program)
            .args(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let log = Log::default();
        if let Some(stdout) = guard.stdout.take() {
            let log = Arc::clone(&log);
            thread::spawn(move || read(stdout, reader, &log));
        }
        Ok(Self { guard, log })
    }

    /// The end of what it wrote.
    pub(crate) fn log(&self) -> String {
        let log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        log.iter().map(String::as_str).collect::<Vec<_>>().join("\n")
    }
}

impl Drop for Guarded {
    fn drop(&mut self) {
        drop(self.guard.stdin.take());
        let _ = self.guard.wait();
    }
}

fn read(output: impl Read, mut reader: impl FnMut(String) -> Option<String>, log: &Mutex<VecDeque<String>>) {
    for line in BufReader::new(output).lines().map_while(std::result::Result::ok) {
        let Some(line) = reader(line) else { continue };
        let mut log = log.lock().unwrap_or_else(PoisonError::into_inner);
        if log.len() == KEPT {
            log.pop_front();
        }
        log.push_back(line);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_go_to_the_reader_and_the_end_of_the_log_is_kept() {
        let mut text = "told\n".to_owned();
        (0..=KEPT).for_each(|line| text.push_str(&format!("{line}\n")));
        let mut told = Vec::new();
        let log = Mutex::default();
        let reader = |line: String| {
            told.push(line.clone());
            (line != "told").then_some(line)
        };
        read(text.as_bytes(), reader, &log);
        assert_eq!(told.len(), KEPT + 2);
        let log = log.into_inner().unwrap_or_default();
        assert_eq!((log.len(), log.front().map(String::as_str)), (KEPT, Some("1")));
    }
}
