//! What a metric is called in the exposition: asked of the encoder itself, so that the reference cannot err.

use std::time::{Duration, SystemTime};

use tower_telemetry_core::names::{self, Instrument, Metric};
use tower_telemetry_metrics::{Bounds, Descriptor, Place, Sample, Store, expose::text};

use crate::Result;

/// The name in the `TYPE` line of the text format.
///
/// # Errors
///
/// The store does not take the metric, or the encoder does not write it.
pub(crate) fn name(metric: &Metric) -> Result<String> {
    let store = Store::new();
    // What the store tells of itself is exposed once there is a family to tell of, and a deprecated one.
    store.counter_family::<()>(Descriptor::new("any", "", "Any family."))?;
    store.deprecate("any", SystemTime::UNIX_EPOCH + Duration::from_secs(u32::MAX.into()));
    let descriptor = Descriptor::new(metric.name, metric.unit, metric.help);
    match metric.instrument {
        Instrument::Histogram => {
            let bounds = Bounds::from_seconds(names::DURATION_BOUNDS)?;
            store
                .histogram_family::<()>(descriptor, bounds)?
                .series(&(), Place::Known)
                .record(Duration::ZERO);
        }
        Instrument::Counter => store.collector(move |out: &mut dyn FnMut(Sample<'_>)| {
            out(Sample::counter(&descriptor, &[], 1_u64));
        }),
        _ => store
            .collector(move |out: &mut dyn FnMut(Sample<'_>)| out(Sample::gauge(&descriptor, &[], 1_u64))),
    }
    let mut page = String::new();
    text::encode(&store.snapshot(), &mut page);

    let stem = metric.name.replace('.', "_");
    page.lines()
        .filter_map(|line| line.strip_prefix("# TYPE ")?.split_once(' '))
        .find(|(name, _)| name.starts_with(&stem))
        .map(|(name, _)| name.to_owned())
        .ok_or_else(|| format!("{} is not exposed", metric.name).into())
}
