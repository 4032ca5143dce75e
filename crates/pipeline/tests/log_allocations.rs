//! A line of a set-up allocates nothing where nothing else is chosen. Owns the global allocator, which counts; it is one
//! test, since the count is that of the whole process.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::alloc::System;
use std::io;

use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use tower_telemetry_pipeline::{LogFormat, Telemetry, TelemetryBuilder};
use tracing::info;
use tracing_subscriber::prelude::*;

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Allocations of an event, once buffers have grown. Other threads may allocate meanwhile: the least of some.
fn of_a_line(to: impl FnOnce(TelemetryBuilder) -> TelemetryBuilder) -> usize {
    let builder = Telemetry::builder("shop").without_admin().without_subscriber();
    let telemetry = to(builder.with_log_format(LogFormat::Json)).init().unwrap();
    let _guard = tracing::subscriber::set_default(tracing_subscriber::registry().with(telemetry.log_layer()));
    let allocations = |_| {
        let region = Region::new(ALLOCATOR);
        info!(order = 7, "accepted");
        let change = region.change();
        change.allocations + change.reallocations
    };
    (0..20).map(allocations).min().unwrap()
}

/// Counts what it is given, in a box.
struct Boxed(Box<usize>);

impl io::Write for Boxed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        *self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_line_on_standard_output_allocates_nothing() {
    // The measure itself: it must see an allocation.
    assert_eq!(
        of_a_line(|builder| builder.with_log_writer(|| Boxed(Box::new(0)))),
        2,
        "its own, and its box"
    );
    assert_eq!(of_a_line(|builder| builder), 0);
}
