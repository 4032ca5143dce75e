//! A decision allocates nothing. Owns the global allocator, which counts; it is one test, since the count is that of
//! the whole process.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::alloc::System;
use std::time::Duration;

use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use tower_telemetry_core::{Route, Side, Verdict};
use tower_telemetry_trace::sampling::{Budget, Call, Hint, Keeper, Pool, Tail};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// The allocations of two hundred calls, over ten minutes. The least of a few measurements: the test harness may
/// allocate meanwhile, while an allocation of ours would be in each.
fn allocations(mut work: impl FnMut(Duration)) -> usize {
    let mut now = Duration::ZERO;
    let mut calls = |count| {
        for _ in 0..count {
            now += Duration::from_secs(3);
            work(now);
        }
    };
    calls(10);
    let measure = |_| {
        let region = Region::new(ALLOCATOR);
        calls(200);
        let change = region.change();
        change.allocations + change.reallocations
    };
    (0..5).map(measure).min().unwrap()
}

#[test]
fn a_decision_allocates_nothing_but_for_the_first_call_of_a_route() {
    // The measure itself: it must see an allocation.
    assert_eq!(allocations(|_| drop(std::hint::black_box(Box::new(1)))), 200);

    let (keeper, budget) = (Keeper::new(Tail::default()), Budget::shared(1000.0));
    let mut kept = 0;
    let counted = allocations(|now| {
        for (route, verdict) in [("/carts", Verdict::Ok), ("/pay", Verdict::ServiceFault)] {
            let call = Call {
                side: Side::Server,
                route: Route::template(route),
                method: "GET",
                ended: now,
                total: Duration::from_micros(now.as_secs() % 101 * 1000),
                verdict,
                hint: Hint::None,
            };
            kept += usize::from(keeper.keep(&call, 2, &budget).is_some());
            keeper.learn(&call);
        }
        kept += usize::from(budget.pay(Pool::Head, now, 2));
    });
    assert_eq!(counted, 0);
    assert!(kept > 2000, "{kept}");
}
