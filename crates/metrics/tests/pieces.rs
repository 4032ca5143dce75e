//! A page in pieces, beside the whole.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::time::Duration;

use tower_telemetry_metrics::expose::{self, Escaping, Format, Syntax};
use tower_telemetry_metrics::{
    Bounds, Buckets, Descriptor, HistogramSample, LabelValue, Labels, Native, Place, Sample, Store,
    SummarySample,
};

#[derive(Clone, PartialEq, Eq, Hash)]
struct Worker(u16);

impl Labels for Worker {
    const NAMES: &'static [&'static str] = &["worker"];

    fn value(&self, _: usize) -> Option<LabelValue> {
        Some(self.0.into())
    }
}

/// Something of every kind, and of each so much that it needs several pieces.
fn busy(series: u16) -> Store {
    let store = Store::new();
    let jobs = store.counter_family::<Worker>(Descriptor::new("shop.jobs", "", "Jobs.")).unwrap();
    let buckets = Buckets::Both(Bounds::default(), Native::default());
    let wait = store.histogram_family::<Worker>(Descriptor::new("shop.wait", "s", ""), buckets).unwrap();
    for worker in 0..series {
        jobs.series(&Worker(worker), Place::Known).add(worker.into());
        wait.series(&Worker(worker), Place::Known).record(Duration::from_millis(worker.into()));
    }
    store.collector(move |out: &mut dyn FnMut(Sample<'_>)| {
        let of = |name| Descriptor::new(name, "", "").with_max_series(usize::MAX);
        let (size, pause, info) = (of("shop.size"), of("shop.pause"), of("target.info"));
        for worker in (0..series).map(|worker| worker.to_string()) {
            let labels = [("worker", &*worker)];
            out(Sample::histogram(&size, &labels, HistogramSample::new(&[1.0], &[1, 2], 3.0)));
            let summary = SummarySample { quantiles: &[(0.5, 0.25)], count: 7, sum: 3.5 };
            out(Sample::summary(&pause, &labels, summary));
        }
        out(Sample::gauge(&info, &[("service.name", "shop")], 1_u64));
    });
    store
}

#[test]
fn the_pieces_are_the_page() {
    for series in [0, 1, 2000] {
        let snapshot = busy(series).snapshot();
        for syntax in [Syntax::Text0, Syntax::Text1, Syntax::OpenMetrics, Syntax::Protobuf] {
            let format = Format::new(syntax, Escaping::default());
            let mut page = Vec::new();
            expose::encode(&snapshot, format, &mut page);
            let pieces: Vec<Vec<u8>> = expose::pieces(snapshot.clone(), format).collect();
            assert!(pieces.iter().all(|piece| !piece.is_empty()));
            if syntax != Syntax::Protobuf {
                let longest = pieces.iter().map(Vec::len).max().unwrap();
                assert!(longest < 72 * 1024, "{syntax:?}: {longest}");
                assert_eq!(pieces.len() > 1, series == 2000, "{syntax:?}");
            }
            assert_eq!(pieces.concat(), page, "{syntax:?}, {series} series");
        }
    }
}
