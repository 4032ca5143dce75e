//! What a recording allocates: nothing. Owns the global allocator, which counts; it is one test, since the count is that
//! of the whole process.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::alloc::System;
use std::time::Duration;

use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use tower_telemetry_core::TraceIds;
use tower_telemetry_core::trace_ids::TraceFlags;
use tower_telemetry_metrics::{Bounds, Buckets, Descriptor, Native, Place, Store, label, labels};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

label! {
    enum Tier {
        Free = "free",
        Paid = "paid",
    }
}

labels! {
    struct Order {
        tier: Tier,
        items: u8,
    }
}

/// The allocations of two hundred rounds of `work`, after some to grow on. The least of a few measurements:
/// the test harness may allocate meanwhile, while an allocation of ours would be in each.
fn allocations(mut work: impl FnMut()) -> usize {
    (0..10).for_each(|_| work());
    let measure = |_| {
        let region = Region::new(ALLOCATOR);
        (0..200).for_each(|_| work());
        let change = region.change();
        change.allocations + change.reallocations
    };
    (0..5).map(measure).min().unwrap()
}

#[test]
fn a_recording_allocates_nothing() {
    let store = Store::new();
    let descriptor = |name| Descriptor::new(name, "", "");
    let jobs = store.counter_family::<Order>(descriptor("jobs")).unwrap();
    let both = Buckets::Both(Bounds::default(), Native::default());
    let wait = store.histogram_family::<Order>(Descriptor::new("wait", "s", ""), both).unwrap();
    let load = Bounds::from_floats(&[0.5, 1.0]).unwrap();
    let load = store.float_histogram_family::<Order>(descriptor("load"), load).unwrap();
    let ids = TraceIds::random(TraceFlags::SAMPLED);
    let orders = [Order { tier: Tier::Free, items: 1 }, Order { tier: Tier::Paid, items: 3 }];
    let recorded = allocations(|| {
        for order in &orders {
            jobs.series(order, Place::Known).add_with(2, Some(&ids));
            wait.series(order, Place::Wire).record_with(Duration::from_millis(30), Some(&ids));
            load.series(order, Place::Known).record_with(0.7, Some(&ids));
        }
    });
    assert_eq!(recorded, 0);
    #[cfg(feature = "opentelemetry")]
    over_a_meter::adds_nothing();
}

#[cfg(feature = "opentelemetry")]
mod over_a_meter {
    use http::{Request, Response, request};
    use tower_layer::Layer;
    use tower_telemetry_core::{Exchange, Route, Signal, SignalExt};
    use tower_telemetry_metrics::OtelMetrics;
    use tower_telemetry_testing::{Reply, Scripted, ScriptedBody, call, read_body, run};

    use super::allocations;

    #[derive(Clone)]
    struct Nothing;

    impl Signal for Nothing {
        type Observer = ();

        fn start(&self, _: &Exchange, _: &mut request::Parts) {}
    }

    /// The allocations of exchanges that this signal looks at.
    fn exchanges(signal: &impl Signal) -> usize {
        allocations(|| {
            let reply = Reply::<ScriptedBody>::response(Response::new(ScriptedBody::new().end()));
            let mut service = signal.clone().server().layer(Scripted::new([reply]));
            let mut request = Request::new(());
            request.extensions_mut().insert(Route::template("/things/{id}"));
            let response = run(call(&mut service, request)).unwrap().unwrap();
            read_body(Box::pin(response.into_body()).as_mut());
        })
    }

    /// The global meter is nobody's: what is left is the window's own.
    pub(crate) fn adds_nothing() {
        let meter = opentelemetry::global::meter("nobody");
        let window = OtelMetrics::builder(&meter).with_body_sizes().with_head_times().build();
        assert_eq!(exchanges(&window), exchanges(&Nothing));
    }
}
