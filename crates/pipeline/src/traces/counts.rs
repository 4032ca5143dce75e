//! What a sampler kept and what its budget refused, told on `/metrics`.

use std::sync::Arc;

use tower_telemetry_core::names::{attribute, metric};
use tower_telemetry_metrics::{Descriptor, Sample, Store};
use tower_telemetry_trace::Reason;
use tower_telemetry_trace::sampling::{Pool, Sampler};

const KEPT: Descriptor = Descriptor::of(metric::TRACES_KEPT);
const REFUSED: Descriptor = Descriptor::of(metric::TRACES_REFUSED);

pub(crate) fn tell(sampler: Arc<Sampler>, store: &Store) {
    store.collector(move |out: &mut dyn FnMut(Sample<'_>)| {
        for reason in Reason::ALL {
            out(Sample::counter(&KEPT, &[(attribute::REASON, reason.as_str())], sampler.kept(reason)));
        }
        for pool in Pool::ALL {
            let refused = sampler.budget().refused(pool);
            out(Sample::counter(&REFUSED, &[(attribute::BUDGET, pool.as_str())], refused));
        }
    });
}
