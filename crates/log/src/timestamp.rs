//! The time of a line: RFC 3339 in UTC with microseconds, `2026-03-01T08:05:09.000042Z`.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The last second that four digits of a year can tell: 9999-12-31T23:59:59Z.
const LAST_SECOND: u64 = 253_402_300_799;
const DAY: u64 = 86_400;
/// What a line begins with: the time stands first, and one copy serves both.
const BEGIN: [u8; 14] = *b"{\"timestamp\":\"";
/// Where the time of day stands behind that, to the millisecond.
pub(crate) const TIME_OF_DAY: std::ops::Range<usize> = BEGIN.len() + 11..BEGIN.len() + 23;

/// Remembers the text of the current second, since most lines share theirs with the line before.
#[derive(Debug)]
pub(crate) struct Clock {
    second: u64,
    text: [u8; 34],
    /// The time that was written last.
    told: Duration,
}

impl Clock {
    /// The time that was written last, since 1970.
    pub(crate) const fn told(&self) -> Duration {
        self.told
    }

    /// Appends `{"timestamp":"` and the time it is. A system clock before 1970 reads as 1970.
    #[inline]
    pub(crate) fn write_now(&mut self, out: &mut Vec<u8>) {
        #[allow(clippy::disallowed_methods, reason = "here a timestamp is written")]
        let now = SystemTime::now();
        self.write(now.duration_since(UNIX_EPOCH).unwrap_or_default(), out);
    }

    /// The same with a time since 1970.
    #[inline]
    pub(crate) fn write(&mut self, since_epoch: Duration, out: &mut Vec<u8>) {
        let second = since_epoch.as_secs();
        if second != self.second {
            self.turn(second);
        }
        self.told = since_epoch;
        out.extend_from_slice(&self.text);
        // Not kept in `text`: a copy of bytes that were just written one by one waits for each of them.
        let micros = since_epoch.subsec_micros();
        let ([a, b], [c, d], [e, f]) = (pair(micros / 10_000), pair(micros / 100 % 100), pair(micros % 100));
        out.extend_from_slice(&[a, b, c, d, e, f, b'Z']);
    }

    #[cold]
    fn turn(&mut self, second: u64) {
        (self.second, self.text) = (second, to_the_second(second.min(LAST_SECOND)));
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self { second: 0, text: to_the_second(0), told: Duration::ZERO }
    }
}

fn to_the_second(second: u64) -> [u8; 34] {
    let (year, month, day) = civil(second / DAY);
    let pair = |value: u64| pair(value as u32);
    let ([y0, y1], [y2, y3], [m0, m1], [d0, d1]) =
        (pair(year / 100), pair(year % 100), pair(month), pair(day));
    let time = second % DAY;
    let ([h0, h1], [n0, n1], [s0, s1]) = (pair(time / 3600), pair(time / 60 % 60), pair(time % 60));
    let time = [y0, y1, y2, y3, b'-', m0, m1, b'-', d0, d1, b'T', h0, h1, b':', n0, n1, b':', s0, s1, b'.'];
    let mut text = [0; 34];
    BEGIN.iter().chain(&time).zip(&mut text).for_each(|(byte, place)| *place = *byte);
    text
}

/// Year, month and day of a count of days since 1970-01-01, in the proleptic Gregorian calendar. It is Howard
/// Hinnant's `civil_from_days`: years begin in March, so that the leap day comes last and months follow one
/// formula.
fn civil(days_since_epoch: u64) -> (u64, u64, u64) {
    let days = days_since_epoch + 719_468;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    (year, month, day)
}

/// Two decimal digits of a number below 100.
fn pair(value: u32) -> [u8; 2] {
    [b'0' + (value / 10) as u8, b'0' + (value % 10) as u8]
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use super::*;

    fn text(clock: &mut Clock, seconds: u64, micros: u32) -> String {
        let mut out = Vec::new();
        clock.write(Duration::new(seconds, micros * 1_000), &mut out);
        String::from_utf8(out).unwrap().split_off(BEGIN.len())
    }

    #[test]
    fn known_moments_are_told_as_rfc_3339() {
        let mut clock = Clock::default();
        for (seconds, micros, expected) in [
            (0, 0, "1970-01-01T00:00:00.000000Z"),
            (951_782_399, 999_999, "2000-02-28T23:59:59.999999Z"),
            (951_782_400, 1, "2000-02-29T00:00:00.000001Z"),
            (951_868_800, 10, "2000-03-01T00:00:00.000010Z"),
            (1_709_164_800, 120_034, "2024-02-29T00:00:00.120034Z"),
            (1_234_567_890, 500_000, "2009-02-13T23:31:30.500000Z"),
            (4_107_542_400, 0, "2100-03-01T00:00:00.000000Z"),
            (u64::MAX, 0, "9999-12-31T23:59:59.000000Z"),
        ] {
            assert_eq!(text(&mut clock, seconds, micros), expected);
        }
    }

    #[test]
    fn every_day_of_eight_centuries_follows_the_one_before() {
        let (mut year, mut month, mut day) = (1970, 1, 1);
        for days in 0..800 * 365 {
            assert_eq!(civil(days), (year, month, day));
            let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
            let last = match month {
                2 => 28 + u64::from(leap),
                4 | 6 | 9 | 11 => 30,
                _ => 31,
            };
            (year, month, day) = match (month, day) {
                (12, 31) => (year + 1, 1, 1),
                (_, day) if day == last => (year, month + 1, 1),
                (_, day) => (year, month, day + 1),
            };
        }
    }

    #[test]
    fn the_text_kept_for_one_second_does_not_outlive_it() {
        let mut clock = Clock::default();
        assert_eq!(text(&mut clock, 59, 1), "1970-01-01T00:00:59.000001Z");
        assert_eq!(text(&mut clock, 59, 2), "1970-01-01T00:00:59.000002Z");
        assert_eq!(text(&mut clock, 60, 3), "1970-01-01T00:01:00.000003Z");
        assert_eq!(text(&mut clock, 59, 4), "1970-01-01T00:00:59.000004Z", "a clock may be set back");
    }
}
