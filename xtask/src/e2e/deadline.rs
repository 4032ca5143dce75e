//! Waiting for another program, with an end.

use std::{
    thread,
    time::{Duration, Instant},
};

use crate::Result;

/// Between two attempts: a server is asked a few times a second.
const PAUSE: Duration = Duration::from_millis(250);

/// A moment after which nobody waits any more.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Deadline(Instant);

impl Deadline {
    #[allow(clippy::disallowed_methods, reason = "a build tool times its steps")]
    pub(crate) fn after(time: Duration) -> Self {
        Self(Instant::now() + time)
    }

    /// What is left; zero once it is over.
    #[allow(clippy::disallowed_methods, reason = "a build tool times its steps")]
    pub(crate) fn left(self) -> Duration {
        self.0.saturating_duration_since(Instant::now())
    }

    /// Tries until it succeeds; at least once.
    ///
    /// # Errors
    ///
    /// That of the last attempt before the deadline.
    pub(crate) fn until<T>(self, mut attempt: impl FnMut() -> Result<T>) -> Result<T> {
        loop {
            match attempt() {
                Err(_) if !self.left().is_zero() => thread::sleep(PAUSE.min(self.left())),
                end => return end,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_error_is_told_once_time_is_over() {
        let mut attempts = 0;
        let end: Result = Deadline::after(Duration::ZERO).until(|| {
            attempts += 1;
            Err(format!("attempt {attempts}").into())
        });
        assert!(end.is_err_and(|error| error.to_string() == "attempt 1"));
    }

    #[test]
    fn the_first_success_ends_the_wait() {
        let end = Deadline::after(Duration::from_secs(3600)).until(|| Ok(7));
        assert!(end.is_ok_and(|value| value == 7));
    }
}
