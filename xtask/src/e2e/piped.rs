//! A program that reads a page and says what it thinks of it.

use std::{
    io::Write,
    process::{Command, Stdio},
};

use crate::Result;

/// Gives it `input` and answers what it wrote.
///
/// # Errors
///
/// It could not be started, with `remedy` as what to do about that; it failed; or it wrote something else than UTF-8.
pub(crate) fn output(command: &mut Command, input: &str, remedy: &str) -> Result<String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn();
    let mut child = child.map_err(|error| format!("{name} could not be started: {error}; {remedy}"))?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(input.as_bytes())?;
    }
    let output = child.wait_with_output()?;
    let told = String::from_utf8(output.stdout)?;
    if output.status.success() { Ok(told) } else { Err(format!("{name}: {}\n{told}", output.status).into()) }
}
