//! What was refused or lost, told on `/metrics`: bad input is counted.

use tower_telemetry_core::names::metric;
use tower_telemetry_log::NonBlocking;
use tower_telemetry_metrics::{Descriptor, Sample, Store};

use crate::telemetry::{LogLayer, Windows};

const TRACEPARENTS: Descriptor = Descriptor::of(metric::TRACEPARENTS_REFUSED);
const TRACESTATES: Descriptor = Descriptor::of(metric::TRACESTATES_REFUSED);
const TRACE_IDS: Descriptor = Descriptor::of(metric::TRACE_IDS_REFUSED);
const BAGGAGE: Descriptor = Descriptor::of(metric::BAGGAGE_REFUSED);
const REQUEST_IDS: Descriptor = Descriptor::of(metric::REQUEST_IDS_REFUSED);
const HELD_BACK: Descriptor = Descriptor::of(metric::LOG_LINES_HELD_BACK);
const LINES: Descriptor = Descriptor::of(metric::LOG_LINES_LOST);

pub(crate) fn tell(
    (ids, trace, log, _): &Windows,
    log_layer: &LogLayer,
    background: Option<&NonBlocking>,
    store: &Store,
) {
    let unwritten = background.map(NonBlocking::lost_lines).unwrap_or_default();
    let (ids, trace, log, lost) = (ids.clone(), trace.clone(), log.clone(), log_layer.lost_lines());
    store.collector(move |out: &mut dyn FnMut(Sample<'_>)| {
        let refused = trace.propagation().refusals();
        out(Sample::counter(&TRACEPARENTS, &[], refused.contexts));
        out(Sample::counter(&TRACESTATES, &[], refused.states));
        out(Sample::counter(&TRACE_IDS, &[], refused.trace_ids));
        out(Sample::counter(&BAGGAGE, &[], refused.members));
        out(Sample::counter(&REQUEST_IDS, &[], ids.refused()));
        out(Sample::counter(&HELD_BACK, &[], log.held_back()));
        out(Sample::counter(&LINES, &[], lost.count() + unwritten.count()));
    });
}
