//! This project's store.

use std::time::Duration;

use tower_telemetry::metrics::{Bounds, Descriptor, LabelValue, Labels, Place, Store, expose::text};

use super::{Library, Page, count, nanoseconds};
use crate::{
    Result,
    label::{self, BOUNDS, Values},
};

pub(crate) const OURS: Library = Library { name: "ours", counters, histograms };

impl Labels for Values {
    const NAMES: &'static [&'static str] =
        &["http.request.method", "http.response.status_code", "http.route", "network.protocol.version"];

    fn value(&self, index: usize) -> Option<LabelValue> {
        match index {
            0 => Some(self.method.into()),
            1 => Some(self.status.into()),
            2 => Some(self.route.into()),
            3 => Some(self.version.into()),
            _ => None,
        }
    }
}

fn counters() -> Result<Page> {
    let store = Store::new();
    let family =
        store.counter_family::<Values>(Descriptor::new("bench.requests", "{request}", "Requests."))?;
    for (index, values) in label::all().iter().enumerate() {
        family.series(values, Place::Known).add(count(index));
    }
    Ok(page(store))
}

fn histograms() -> Result<Page> {
    let store = Store::new();
    let descriptor = Descriptor::new("bench.request.duration", "s", "Duration of requests.");
    let family = store.histogram_family::<Values>(descriptor, Bounds::from_seconds(&BOUNDS)?)?;
    for (index, values) in label::all().iter().enumerate() {
        family.series(values, Place::Known).record(Duration::from_nanos(nanoseconds(index)));
    }
    Ok(page(store))
}

fn page(store: Store) -> Page {
    let mut page = String::new();
    Box::new(move || {
        page.clear();
        text::encode(&store.snapshot(), &mut page);
        page.len()
    })
}
