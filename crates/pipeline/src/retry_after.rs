//! When a server that has no time asks to be asked again.

use std::time::{Duration, SystemTime};

use http::HeaderMap;
use http::header::{DATE, HeaderName, RETRY_AFTER};

/// How long `Retry-After` asks to wait, in seconds or until a date (RFC 9110, section 10.2.3).
///
/// A date counts from the `Date` of the same answer, by the server's own clock; from this machine's where there is
/// none. `None` where nothing is asked, what is asked cannot be read, or the date is over. Without bounds: whoever
/// waits has his own.
pub(crate) fn asked(headers: &HeaderMap) -> Option<Duration> {
    let told = text(headers, RETRY_AFTER)?;
    if let Ok(seconds) = told.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let until = httpdate::parse_http_date(told).ok()?;
    let from = text(headers, DATE).and_then(|date| httpdate::parse_http_date(date).ok()).unwrap_or_else(now);
    until.duration_since(from).ok().filter(|wait| !wait.is_zero())
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    Some(headers.get(name)?.to_str().ok()?.trim())
}

#[allow(clippy::disallowed_methods, reason = "a date is asked for, and no other clock is told")]
fn now() -> SystemTime {
    SystemTime::now()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use super::*;

    fn check(told: &str, date: Option<&str>, seconds: Option<u64>) {
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, told.parse().unwrap());
        if let Some(date) = date {
            headers.insert(DATE, date.parse().unwrap());
        }
        assert_eq!(asked(&headers), seconds.map(Duration::from_secs), "{told:?} at {date:?}");
    }

    #[test]
    fn seconds_are_what_they_say() {
        for (told, seconds) in [("7", 7), (" 120 ", 120), ("0", 0)] {
            check(told, None, Some(seconds));
            check(told, Some("Sun, 06 Nov 1994 08:49:37 GMT"), Some(seconds));
        }
    }

    #[test]
    fn a_date_in_each_of_the_formats_counts_from_the_servers_own() {
        let date = Some("Sun, 06 Nov 1994 08:49:07 GMT");
        for told in [
            "Sun, 06 Nov 1994 08:49:37 GMT",
            "Sunday, 06-Nov-94 08:49:37 GMT",
            "Sun Nov  6 08:49:37 1994",
            " Sun, 06 Nov 1994 08:49:37 GMT ",
        ] {
            check(told, date, Some(30));
        }
    }

    #[test]
    fn without_a_readable_date_of_the_server_the_clock_is_this_machines() {
        let until = httpdate::fmt_http_date(now() + Duration::from_secs(3_600));
        for date in [None, Some("noon")] {
            let mut headers = HeaderMap::new();
            headers.insert(RETRY_AFTER, until.parse().unwrap());
            date.map(|date: &str| headers.insert(DATE, date.parse().unwrap()));
            let wait = asked(&headers).unwrap().as_secs();
            // A machine may be slow, and a date has no fractions.
            assert!((3_500..=3_600).contains(&wait), "{wait}");
        }
    }

    #[test]
    fn a_date_that_is_over_asks_for_nothing() {
        let date = "Sun, 06 Nov 1994 08:49:37 GMT";
        check(date, None, None);
        check(date, Some(date), None);
        check(date, Some("Sun, 06 Nov 1994 08:49:38 GMT"), None);
    }

    #[test]
    fn what_cannot_be_read_asks_for_nothing() {
        for told in
            ["", "soon", "-1", "1.5", "99999999999999999999", "Sun, 06 Nov 1994 08:49:37", "Nov 6 1994"]
        {
            check(told, None, None);
        }
        assert_eq!(asked(&HeaderMap::new()), None);
    }
}
