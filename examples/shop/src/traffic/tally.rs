//! What the callers saw, counted.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
};

use tonic::Code;

use super::mix::Kind;

/// How an exchange ended for its caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Seen {
    /// An HTTP response, read to its end.
    Http(u16),
    /// A gRPC status.
    Grpc(i32),
    /// A WebSocket, closed in good order.
    Socket,
    /// The caller hung up or left.
    Left,
    /// The response broke off.
    Cut,
    /// The connection was lost before a response.
    NoAnswer,
    /// The caller waited too long.
    GaveUp,
}

impl fmt::Display for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Http(status) => write!(f, "{status}"),
            Self::Grpc(code) => write!(f, "{:?}", Code::from_i32(*code)),
            Self::Socket => f.write_str("closed"),
            Self::Left => f.write_str("left"),
            Self::Cut => f.write_str("cut"),
            Self::NoAnswer => f.write_str("no answer"),
            Self::GaveUp => f.write_str("gave up"),
        }
    }
}

/// Counts per kind of exchange and ending.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    counts: Mutex<BTreeMap<(Kind, Seen), u64>>,
}

impl Tally {
    pub(crate) fn note(&self, kind: Kind, seen: Seen) {
        *self.counts().entry((kind, seen)).or_default() += 1;
    }

    #[cfg(test)]
    pub(crate) fn count(&self, kind: Kind, seen: Seen) -> u64 {
        self.counts().get(&(kind, seen)).copied().unwrap_or(0)
    }

    fn counts(&self) -> MutexGuard<'_, BTreeMap<(Kind, Seen), u64>> {
        // Counting cannot panic, so what a poisoned lock guards is whole.
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts = self.counts();
        for ((kind, seen), count) in &*counts {
            writeln!(f, "{:14} {:20} {count:>8}", format!("{kind:?}"), seen.to_string())?;
        }
        write!(f, "{:35} {:>8}", "total", counts.values().sum::<u64>())
    }
}

#[cfg(test)]
mod tests {
    use super::{Kind, Seen, Tally};

    #[test]
    fn a_tally_is_told_line_by_line() {
        let tally = Tally::default();
        for _ in 0..2 {
            tally.note(Kind::Order, Seen::Http(201));
        }
        tally.note(Kind::GrpcGet, Seen::Grpc(13));
        let told = tally.to_string();
        let lines: Vec<Vec<_>> = told.lines().map(|line| line.split_whitespace().collect()).collect();
        assert_eq!(lines, [vec!["Order", "201", "2"], vec!["GrpcGet", "Internal", "1"], vec!["total", "3"]]);
    }
}
