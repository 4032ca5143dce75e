//! New ids: UUIDs of version 7 (RFC 9562), so that ids sort by time.

use std::cell::Cell;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use tower_telemetry_core::Exchange;
use tower_telemetry_core::trace_ids::TraceId;

/// So long the time of day goes on as exchanges count it; then the clock is asked again, which may have been set.
const TRUSTED: Duration = Duration::from_secs(1);

/// The new id of an exchange, of the moment of its arrival.
pub(crate) fn of_arrival(exchange: &Exchange) -> u128 {
    of_time(arrival(exchange))
}

/// 74 random bits of this thread beside the time.
///
/// Not the ids of a library that also keep their order within a millisecond: all threads share a counter for it,
/// behind a lock.
fn of_time(since_epoch: Duration) -> u128 {
    let millis = since_epoch.as_millis() & 0xffff_ffff_ffff;
    let random = u128::from_be_bytes(TraceId::random().to_bytes());
    // 48 bits of time, the version, 12 random ones, the variant, 62 random ones.
    let fixed = millis << 80 | 0x7 << 76 | 0b10 << 62;
    let free = 0xfff << 64 | u128::from(u64::MAX >> 2);
    fixed | random & free
}

thread_local! {
    /// A moment, and the time of day that it was.
    static BASE: Cell<Option<(Instant, Duration)>> = const { Cell::new(None) };
}

/// When an exchange arrived, since the epoch. It has read a clock; another is asked once in a second.
fn arrival(exchange: &Exchange) -> Duration {
    let base = BASE.try_with(Cell::get).ok().flatten();
    if let Some((base, time)) = base {
        let since = exchange.arrived_after(base);
        if since < TRUSTED {
            return time + since;
        }
    }
    #[allow(clippy::disallowed_methods, reason = "an id tells the time of day when it was made")]
    let (base, time) = (Instant::now(), SystemTime::now());
    let time = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    let _ = BASE.try_with(|kept| kept.set(Some((base, time))));
    time
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use uuid::{Uuid, Variant, Version};

    use super::*;

    #[test]
    fn a_new_id_is_a_version_7_of_its_time_and_no_other() {
        for millis in [0, 1_700_000_000_123, (1 << 48) - 1] {
            let time = Duration::from_millis(millis);
            let ids: Vec<Uuid> = (0..1_000).map(|_| Uuid::from_u128(of_time(time))).collect();
            for id in &ids {
                assert_eq!((id.get_version(), id.get_variant()), (Some(Version::SortRand), Variant::RFC4122));
                let (seconds, nanos) = id.get_timestamp().unwrap().to_unix();
                assert_eq!(Duration::new(seconds, nanos), time);
            }
            let mut different = ids.clone();
            different.sort_unstable();
            different.dedup();
            assert_eq!(different.len(), ids.len());
        }
    }

    #[test]
    fn every_free_bit_of_an_id_is_random() {
        let ids = (0..200).map(|_| of_time(Duration::ZERO));
        let (ones, zeros) = ids.fold((0, 0), |(ones, zeros), id| (ones | id, zeros | !id));
        assert_eq!((ones & zeros).count_ones(), 74);
    }
}
