//! New ids: UUIDs of version 7 (RFC 9562), so that ids sort by time.

use std::time::Duration;

use tower_telemetry_core::Exchange;
use tower_telemetry_core::trace_ids::TraceId;

/// The new id of an exchange, of the moment of its arrival.
pub(crate) fn of_arrival(exchange: &Exchange) -> u128 {
    of_time(exchange.arrived().time_of_day())
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
