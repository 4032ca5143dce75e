//! How long to wait before another attempt, as Grafana's own clients do.

use std::time::Duration;

const FIRST: Duration = Duration::from_millis(500);
const LONGEST: Duration = Duration::from_secs(5 * 60);

/// So many attempts there are for lines that no spool keeps.
pub(crate) const ATTEMPTS: u32 = 10;

/// The wait after so many failed attempts: half a second at first, then double each time, up to five minutes, less a
/// random part of at most a half. What Loki asks for counts instead, up to the longest.
pub(crate) fn wait(failed: u32, asked: Option<Duration>) -> Duration {
    // Who asks for no patience at all gets some all the same.
    if let Some(asked) = asked.filter(|asked| !asked.is_zero()) {
        return asked.min(LONGEST);
    }
    let doubled = FIRST.saturating_mul(1 << failed.saturating_sub(1).min(16));
    // Programs that lost one Loki together shall not come back together.
    doubled.min(LONGEST).mul_f64(0.5 + fastrand::f64() / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_wait_is_about_double_the_one_before_up_to_five_minutes() {
        for (failed, full) in
            [(1, 0.5), (2, 1.0), (3, 2.0), (9, 128.0), (10, 256.0), (11, 300.0), (99, 300.0)]
        {
            let wait = wait(failed, None).as_secs_f64();
            assert!(wait >= full / 2.0 && wait <= full, "{failed}: {wait}");
        }
    }

    #[test]
    fn loki_says_when() {
        assert_eq!(wait(1, Some(Duration::from_secs(7))), Duration::from_secs(7));
        assert_eq!(wait(1, Some(Duration::from_secs(86_400))), LONGEST);
        assert!(wait(1, Some(Duration::ZERO)) >= FIRST / 2);
    }
}
