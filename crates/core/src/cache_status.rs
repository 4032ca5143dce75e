//! What a cache had to do with a response.

use http::{HeaderMap, HeaderValue};

use crate::exchange::Exchange;
use crate::names::{attribute, header};
use crate::notes::Label;

/// What a cache had to do with a response: `x-cache-status`, an attribute of the span, a label that is closed.
///
/// A handler says it of its own exchange, and the response contract writes the header:
///
/// ```
/// use tower_telemetry_core::{CacheStatus, current};
///
/// async fn price() -> &'static str {
///     if let Some(exchange) = current() {
///         exchange.set_cache_status(CacheStatus::Hit);
///     }
///     "3.50"
/// }
/// # let _ = price();
/// ```
///
/// In the order of how little of the response a cache gave: of two, the greater is true of both together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CacheStatus {
    /// It came from a cache, fresh.
    Hit,
    /// It came from a cache, though it had expired.
    Stale,
    /// A cache was asked, and did not have it.
    Miss,
    /// No cache was asked, though there is one.
    Bypass,
}

impl CacheStatus {
    const ALL: [Self; 4] = [Self::Hit, Self::Stale, Self::Miss, Self::Bypass];

    /// As labels and attributes spell it: `hit`, `stale`, `miss`, `bypass`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Hit => "hit",
            Self::Stale => "stale",
            Self::Miss => "miss",
            Self::Bypass => "bypass",
        }
    }

    /// As the header spells it: in capitals, as nginx and the public caches do.
    #[must_use]
    pub const fn header_value(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Hit => "HIT",
            Self::Stale => "STALE",
            Self::Miss => "MISS",
            Self::Bypass => "BYPASS",
        })
    }

    /// What `x-cache-status` says, in capitals or not; `None` where it is absent, stands there twice, or is no word that
    /// is known.
    ///
    /// The words of nginx are known, too: `REVALIDATED` is a hit, `UPDATING` is stale and `EXPIRED` is a miss.
    #[must_use]
    pub fn from_headers(headers: &HeaderMap) -> Option<Self> {
        const WORDS: [(&[u8], CacheStatus); 7] = [
            (b"hit", CacheStatus::Hit),
            (b"miss", CacheStatus::Miss),
            (b"stale", CacheStatus::Stale),
            (b"bypass", CacheStatus::Bypass),
            (b"revalidated", CacheStatus::Hit),
            (b"updating", CacheStatus::Stale),
            (b"expired", CacheStatus::Miss),
        ];
        let mut lines = headers.get_all(header::X_CACHE_STATUS).iter();
        let (Some(line), None) = (lines.next(), lines.next()) else { return None };
        let word = line.as_bytes().trim_ascii();
        WORDS.iter().find(|(known, _)| known.eq_ignore_ascii_case(word)).map(|(_, status)| *status)
    }

    /// Its place, from 1: the 0 is free for nothing.
    pub(crate) const fn place(self) -> u8 {
        self as u8 + 1
    }

    pub(crate) fn at(place: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.place() == place)
    }
}

impl Label for CacheStatus {
    const NAME: &'static str = attribute::CACHE_STATUS;

    const VALUES: &'static [&'static str] =
        &[Self::Hit.as_str(), Self::Stale.as_str(), Self::Miss.as_str(), Self::Bypass.as_str()];

    fn index(&self) -> usize {
        *self as usize
    }
}

impl Exchange {
    /// Says what a cache had to do with the response; the last word counts.
    ///
    /// It is a [label](Self::label): also on the span and on the log lines, and on metrics that declare [`CacheStatus`].
    /// The header is written with the response head, so what is said later is not in it.
    pub fn set_cache_status(&self, status: CacheStatus) -> bool {
        self.label(status)
    }

    /// What was said of a cache: of this exchange itself, else by its callees.
    #[must_use]
    pub fn cache_status(&self) -> Option<CacheStatus> {
        self.own_cache_status().or_else(|| self.callees_cache())
    }

    /// What was said of a cache of this exchange itself.
    #[must_use]
    pub fn own_cache_status(&self) -> Option<CacheStatus> {
        let mut own = None;
        self.labels(|name, value| {
            if name == CacheStatus::NAME {
                own = CacheStatus::ALL.into_iter().find(|status| status.as_str() == value);
            }
        });
        own
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(lines: &[&'static str]) -> Option<CacheStatus> {
        let lines = lines.iter().map(|line| (header::X_CACHE_STATUS, HeaderValue::from_static(line)));
        CacheStatus::from_headers(&lines.collect())
    }

    #[test]
    fn what_is_written_is_read() {
        for status in CacheStatus::ALL {
            let headers = HeaderMap::from_iter([(header::X_CACHE_STATUS, status.header_value())]);
            assert_eq!(CacheStatus::from_headers(&headers), Some(status));
            assert_eq!(CacheStatus::VALUES.get(status.index()).copied(), Some(status.as_str()));
            assert_eq!(CacheStatus::at(status.place()), Some(status));
        }
        assert_eq!(CacheStatus::at(0), None);
    }

    #[test]
    fn a_word_of_others_is_known_or_says_nothing() {
        assert_eq!(read(&[" hit "]), Some(CacheStatus::Hit));
        assert_eq!(read(&["EXPIRED"]), Some(CacheStatus::Miss));
        assert_eq!(read(&["Updating"]), Some(CacheStatus::Stale));
        assert_eq!(read(&["REVALIDATED"]), Some(CacheStatus::Hit));
        for lines in [&[][..], &[""], &["hit, miss"], &["hitt"], &["DYNAMIC"], &["hit", "hit"]] {
            assert_eq!(read(lines), None, "{lines:?}");
        }
    }

    #[test]
    fn of_two_callees_the_one_counts_of_which_a_cache_gave_least() {
        assert!(CacheStatus::Hit < CacheStatus::Stale && CacheStatus::Stale < CacheStatus::Miss);
        assert!(CacheStatus::Miss < CacheStatus::Bypass);
    }
}
