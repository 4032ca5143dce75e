//! Who makes a new id.

use std::fmt;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use http::request;
use tower_telemetry_core::RequestId;
use tower_telemetry_core::trace_ids::TraceId;
use uuid::Builder;
use uuid::fmt::Hyphenated;

/// Who makes a new id.
#[derive(Clone, Default)]
pub(crate) enum Maker {
    /// This crate.
    #[default]
    Version7,
    /// The program, and this crate where it makes none.
    Own(Arc<dyn Fn(&request::Parts) -> Option<RequestId> + Send + Sync>),
}

impl Maker {
    pub(crate) fn own(make: impl Fn(&request::Parts) -> Option<RequestId> + Send + Sync + 'static) -> Self {
        Self::Own(Arc::new(make))
    }

    /// A new id for the request with this head.
    pub(crate) fn make(&self, head: &request::Parts) -> Option<RequestId> {
        match self {
            Self::Version7 => version_7(),
            Self::Own(make) => make(head).or_else(version_7),
        }
    }
}

impl fmt::Debug for Maker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Version7 => "Version7",
            Self::Own(_) => "Own(..)",
        })
    }
}

/// A new id: UUIDv7, so that ids sort by time.
///
/// Not `Uuid::now_v7`, whose ids also keep their order within a millisecond: all threads share its counter, behind a
/// lock. 74 random bits of this thread cost half as much, and nobody waits.
fn version_7() -> Option<RequestId> {
    #[allow(clippy::disallowed_methods, reason = "an id tells the time when it was made")]
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    // As much randomness as an id has room for.
    let [random @ .., _, _, _, _, _, _] = TraceId::random().to_bytes();
    let millis = u64::try_from(now.as_millis()).unwrap_or(u64::MAX);
    let mut text = [0; Hyphenated::LENGTH];
    let id = Builder::from_unix_timestamp_millis(millis, &random).into_uuid();
    RequestId::new(id.hyphenated().encode_lower(&mut text))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use uuid::{Uuid, Version};

    use super::*;

    #[test]
    fn a_new_id_is_a_version_7_of_now_and_no_other() {
        #[allow(clippy::disallowed_methods, reason = "to compare with")]
        let seconds = || SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
        let before = seconds();
        let ids: Vec<Uuid> = (0..1_000).map(|_| version_7().unwrap().as_str().parse().unwrap()).collect();
        let after = seconds();
        for id in &ids {
            assert_eq!(id.get_version(), Some(Version::SortRand));
            let (made, _) = id.get_timestamp().unwrap().to_unix();
            assert!((before..=after).contains(&made), "{before} {made} {after}");
        }
        let mut different = ids.clone();
        different.sort_unstable();
        different.dedup();
        assert_eq!(different.len(), ids.len());
    }

    #[test]
    fn a_program_makes_ids_of_its_own_and_gets_one_where_it_makes_none() {
        let (head, ()) = http::Request::new(()).into_parts();
        let own = Maker::own(|_| RequestId::new("shop-1"));
        assert_eq!(own.make(&head).unwrap().as_str(), "shop-1");
        let none = Maker::own(|_| None);
        assert_eq!(none.make(&head).unwrap().as_str().len(), Hyphenated::LENGTH);
    }
}
