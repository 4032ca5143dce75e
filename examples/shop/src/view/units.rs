//! Numbers as people read them.

use std::time::Duration;

use ratatui::style::Color;

use crate::board::Fate;

/// What stands where nothing is known.
pub(super) const NONE: &str = "-";

/// A rate with as many digits as matter: `0.31`, `4.2`, `298`.
pub(super) fn rate(per_second: f64) -> String {
    match per_second {
        r if r < 0.005 => "0".to_owned(),
        r if r < 0.995 => format!("{r:.2}"),
        r if r < 99.95 => format!("{r:.1}"),
        r => format!("{r:.0}"),
    }
}

/// A share, 0 to 1, in percent: `0`, `0.3`, `12`.
pub(super) fn percent(share: f64) -> String {
    match share * 100.0 {
        p if p < 0.05 => "0".to_owned(),
        p if p < 9.95 => format!("{p:.1}"),
        p => format!("{p:.0}"),
    }
}

/// A time in the unit that suits it: `740 µs`, `2.1 ms`, `812 ms`, `1.4 s`, `31 s`, `2:05 min`.
pub(super) fn time(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    match seconds {
        s if s < 0.000_999_5 => format!("{:.0} µs", s * 1e6),
        s if s < 0.009_95 => format!("{:.1} ms", s * 1e3),
        s if s < 0.999_5 => format!("{:.0} ms", s * 1e3),
        s if s < 9.95 => format!("{s:.1} s"),
        s if s < 59.5 => format!("{s:.0} s"),
        _ => format!("{} min", clock(time)),
    }
}

pub(super) fn time_or_none(value: Option<Duration>) -> String {
    value.map_or_else(|| NONE.to_owned(), time)
}

/// Minutes and seconds: `1:23`.
pub(super) fn clock(time: Duration) -> String {
    format!("{}:{:02}", time.as_secs() / 60, time.as_secs() % 60)
}

pub(super) fn fate(fate: Fate) -> (&'static str, Color) {
    match fate {
        Fate::CallerFault => ("caller", Color::Yellow),
        Fate::ServiceFault => ("service", Color::Red),
        Fate::Cancelled => ("cancelled", Color::Magenta),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{clock, percent, rate, time};

    #[test]
    fn rates_keep_the_digits_that_matter() {
        let told = [0.0, 0.001, 0.314, 0.999, 4.2, 99.96, 298.4].map(rate);
        assert_eq!(told, ["0", "0", "0.31", "1.0", "4.2", "100", "298"]);
    }

    #[test]
    fn shares_are_told_in_percent() {
        assert_eq!(
            [0.0, 0.0004, 0.003, 0.0999, 0.12, 1.0].map(percent),
            ["0", "0", "0.3", "10", "12", "100"]
        );
    }

    #[test]
    fn times_have_the_unit_that_suits_them() {
        let told = [0, 740, 2_100, 9_960, 812_000, 999_600, 1_430_000, 31_000_000, 125_000_000]
            .map(|micros| time(Duration::from_micros(micros)));
        let right = ["0 µs", "740 µs", "2.1 ms", "10 ms", "812 ms", "1.0 s", "1.4 s", "31 s", "2:05 min"];
        assert_eq!(told, right);
        assert_eq!(clock(Duration::from_secs(83)), "1:23");
    }
}
