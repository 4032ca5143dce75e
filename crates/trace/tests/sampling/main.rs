//! What sampling keeps of a fleet's traffic, in simulated time, by the very code that decides in a service.
//!
//! ```sh
//! cargo test -p tower-telemetry-trace --test sampling -- --nocapture
//! ```
//!
//! prints the figures of ten workloads and of an error storm.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

mod asked;
mod at_end;
mod at_head;
mod by_rule;
mod cost;
mod evidence;
mod fleet;
mod probe;
mod random;
mod storm;
mod workload;

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use evidence::Figures;
use fleet::Fleet;
use workload::Workload;

/// The workloads that are judged; the settings were chosen on others.
const NUMBERS: std::ops::RangeInclusive<u64> = 1..=10;

#[test]
fn a_share_of_the_spans_shows_the_culprits_of_slow_traces_and_all_errors() {
    let figures = of_each(NUMBERS);
    println!("number  storage  attribution   cells  errors    spans/s");
    for (number, row) in NUMBERS.zip(&figures) {
        println!("{number:6}  {row}");
    }
    let mean = Figures::mean(&figures);
    println!("  mean  {mean}");

    assert!(mean.storage <= 0.13, "stored");
    assert!(mean.attribution >= 0.97, "culprits of slow traces");
    assert!(mean.cells >= 0.975, "most frequent culprits");
    for (number, row) in NUMBERS.zip(&figures) {
        assert!(row.attribution >= 0.95 && row.cells >= 0.95, "workload {number}: {row}");
        assert!(row.errors >= 1.0, "workload {number}: an error was lost under budget");
    }
}

#[test]
fn no_second_of_an_error_storm_sees_more_than_the_budget_allows_and_each_route_shows_an_error() {
    println!("  budget  worst 1 s / B  route-minutes  slow kept  errors kept");
    for budget in [100.0, 200.0, 500.0, 2000.0] {
        let passed = storm::blow(budget, 1);
        println!("{passed}");
        assert!(passed.worst <= 1.35, "{budget}: {}", passed.worst);
        // The smallest cannot show them all: at the turn of a minute fifty routes want their first error at once.
        assert!(passed.covered >= if budget < 200.0 { 0.98 } else { 1.0 }, "{budget}: {}", passed.covered);
        // In calm there are 16 spans of errors a second, and the smaller two hold three errors or fewer at once.
        assert!(budget < 500.0 || passed.lost_in_calm == 0, "{budget}: {}", passed.lost_in_calm);
    }
}

/// The figures of these workloads, on as many threads as there are processors.
fn of_each(numbers: std::ops::RangeInclusive<u64>) -> Vec<Figures> {
    let next = AtomicU64::new(*numbers.start());
    let found = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if !numbers.contains(&number) {
                        return;
                    }
                    let figures = evidence::weigh(&Workload::new(number), &Fleet::new());
                    found.lock().unwrap().push((number, figures));
                }
            });
        }
    });
    let mut found = found.into_inner().unwrap();
    found.sort_by_key(|(number, _)| *number);
    found.into_iter().map(|(_, figures)| figures).collect()
}
