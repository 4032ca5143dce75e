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

mod evidence;
mod fleet;
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
