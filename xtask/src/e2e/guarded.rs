//! A program that does not outlive us.

use std::{
    ffi::OsStr,
    io,
    process::{Child, Command, Stdio},
};

/// The program ends when the standard input does, so it ends with us, even where we are killed.
const GUARD: &str = r#""$@" & child=$!; read -r _; kill -KILL "$child"; wait"#;

/// A running program, killed when this is dropped.
#[derive(Debug)]
pub(crate) struct Guarded {
    guard: Child,
}

impl Guarded {
    /// Starts a program; `set_up` says what the program is given and where its output goes.
    ///
    /// # Errors
    ///
    /// There is no shell to guard it. A program that does not start is noticed by its silence.
    pub(crate) fn start(program: impl AsRef<OsStr>, set_up: impl FnOnce(&mut Command)) -> io::Result<Self> {
        let mut command = Command::new("sh");
        command.args(["-c", GUARD, "sh"]).arg(program);
        set_up(&mut command);
        Ok(Self { guard: command.stdin(Stdio::piped()).spawn()? })
    }

    /// The process, for its output.
    pub(crate) fn process(&mut self) -> &mut Child {
        &mut self.guard
    }

    /// Kills the program, if it still runs.
    pub(crate) fn end(&mut self) {
        drop(self.guard.stdin.take());
        // An error means that it was waited for before.
        let _ = self.guard.wait();
    }
}

impl Drop for Guarded {
    fn drop(&mut self) {
        self.end();
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn a_program_that_would_go_on_is_ended() {
        // It has an end of its own, so that a guard that fails is told and not waited for.
        const LONG: &str = "echo begun; i=0; while [ $i -lt 5000000 ]; do i=$((i + 1)); done; echo over";
        let mut long = Guarded::start("sh", |command| {
            command.args(["-c", LONG]).stdout(Stdio::piped());
        })
        .unwrap();
        let mut stdout = long.process().stdout.take().unwrap();
        let mut begun = [0; 6];
        stdout.read_exact(&mut begun).unwrap();
        assert_eq!(&begun, b"begun\n");
        drop(long);
        // The pipe closes once nobody is left who could write to it.
        assert_eq!(stdout.read(&mut begun).unwrap(), 0);
    }
}
