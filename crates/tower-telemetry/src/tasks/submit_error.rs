use std::error::Error;
use std::fmt;

/// Why [`Workers`](super::Workers) do not take a job, with the job.
#[derive(Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SubmitError<T> {
    /// As many jobs wait as may.
    Full(T),
    /// The workers are shut down.
    Closed(T),
}

impl<T> SubmitError<T> {
    /// The job.
    pub fn into_job(self) -> T {
        match self {
            Self::Full(job) | Self::Closed(job) => job,
        }
    }
}

// By hand: a job need not be `Debug`.
impl<T> fmt::Debug for SubmitError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Full(_) => "Full(..)",
            Self::Closed(_) => "Closed(..)",
        })
    }
}

impl<T> fmt::Display for SubmitError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Full(_) => "the queue of the workers is full",
            Self::Closed(_) => "the workers are shut down",
        })
    }
}

impl<T> Error for SubmitError<T> {}
