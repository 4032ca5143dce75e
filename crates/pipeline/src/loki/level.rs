//! Levels by their weight: what is dropped first has the least.

use tracing::Level;

/// How many levels there are.
pub(crate) const LEVELS: usize = 5;

/// As lines and labels say them, the least first.
pub(crate) const NAMES: [&str; LEVELS] = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR"];

/// How many lines of each level.
pub(crate) type Lines = [u64; LEVELS];

/// The weight of a level, from 0.
pub(crate) fn weight(level: Level) -> usize {
    match level {
        Level::TRACE => 0,
        Level::DEBUG => 1,
        Level::INFO => 2,
        Level::WARN => 3,
        Level::ERROR => 4,
    }
}

/// The weight of the level that a line of our own tells, which stands before anything that a client can say.
pub(crate) fn weight_of_line(line: &[u8]) -> usize {
    const KEY: &[u8] = b"\"level\":\"";
    let at = line.windows(KEY.len()).position(|window| window == KEY);
    let told = at.and_then(|at| line.get(at + KEY.len()..)).unwrap_or_default();
    NAMES.iter().position(|name| told.starts_with(name.as_bytes())).unwrap_or(weight(Level::INFO))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_level_of_a_line_is_read_back() {
        for (weight, name) in NAMES.iter().enumerate() {
            let line =
                format!("{{\"timestamp\":\"t\",\"level\":\"{name}\",\"message\":\"\\\"level\\\":\\\"X\"}}");
            assert_eq!(weight_of_line(line.as_bytes()), weight);
            assert_eq!(name.parse().ok().map(super::weight), Some(weight));
        }
        assert_eq!(weight_of_line(b"{}"), 2);
    }
}
