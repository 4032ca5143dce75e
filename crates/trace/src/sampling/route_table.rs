//! The routes that are watched, in bounded number, found without a lock.

use std::hash::BuildHasher;
use std::sync::OnceLock;
use std::time::Duration;

use foldhash::fast::FixedState;
use tower_telemetry_core::Route;

use crate::sampling::route_latency::RouteLatency;

/// The most routes that have a latency of their own.
pub(super) const ROUTES: usize = 512;
/// Half of them stay empty, so that a search is short.
const SLOTS: usize = 2 * ROUTES;
/// How far a search goes; no run is as long in a table that is half full.
const REACH: usize = 64;

/// A route by its method: `GET /carts` and `POST /carts` take what they take. Neither is ever a wire string.
type Key = (Route, &'static str);

/// A place in the table, empty or for ever taken.
type Slot = OnceLock<(Key, Box<RouteLatency>)>;

/// An open-addressed table that only grows: a slot is written once, and read by all.
///
/// 7 kB for a route that was called, and 64 bytes for one that may be.
#[derive(Debug)]
pub(super) struct RouteTable {
    slots: Box<[Slot]>,
    /// For all that the table has no place for: together they are one route.
    overflow: RouteLatency,
    hasher: FixedState,
}

impl RouteTable {
    pub(super) fn new() -> Self {
        Self {
            slots: (0..SLOTS).map(|_| OnceLock::new()).collect(),
            overflow: RouteLatency::new(Duration::ZERO),
            // The keys are the program's own: there is nobody to be defended from.
            hasher: FixedState::default(),
        }
    }

    /// The latency of this route and method; it begins `now` if it was never asked for.
    pub(super) fn get(&self, route: Route, method: &'static str, now: Duration) -> &RouteLatency {
        let key = (route, method);
        let start = self.hasher.hash_one(key) as usize;
        for step in 0..REACH {
            let Some(slot) = self.slots.get(start.wrapping_add(step) % SLOTS) else { break };
            let (found, latency) = slot.get_or_init(|| (key, Box::new(RouteLatency::new(now))));
            if *found == key {
                return latency;
            }
        }
        &self.overflow
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn template(name: String) -> Route {
        Route::template(Box::leak(name.into_boxed_str()))
    }

    #[test]
    fn a_route_has_one_latency_for_each_method() {
        let table = RouteTable::new();
        let get = |text, method| std::ptr::from_ref(table.get(Route::template(text), method, Duration::ZERO));
        assert_eq!(get("/a", "GET"), get("/a", "GET"));
        assert_ne!(get("/a", "GET"), get("/a", "POST"));
        assert_ne!(get("/a", "GET"), get("/b", "GET"));
        // By its text, not by where that stands.
        assert_eq!(
            get("/a", "GET"),
            std::ptr::from_ref(table.get(template("/a".into()), "GET", Duration::ZERO))
        );
    }

    #[test]
    fn as_many_routes_as_promised_have_a_place_and_those_beyond_share_one() {
        let table = RouteTable::new();
        let shared = |latency: &RouteLatency| std::ptr::eq(latency, &raw const table.overflow);
        let crowd = |count| (0..count).map(|n| template(format!("/route/{n}")));
        let refused = crowd(ROUTES).filter(|&route| shared(table.get(route, "GET", Duration::ZERO))).count();
        assert_eq!(refused, 0);
        let refused =
            crowd(8 * ROUTES).filter(|&route| shared(table.get(route, "GET", Duration::ZERO))).count();
        assert!(refused >= 8 * ROUTES - SLOTS, "{refused}");
    }
}
