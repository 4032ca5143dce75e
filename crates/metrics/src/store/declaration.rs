//! What makes a declaration sound, alone and beside an earlier one.

use std::any::Any;
use std::sync::Arc;

use super::descriptor::{Descriptor, Kind, Shape};
use super::error::RegisterError;
use super::family::{AnyFamily, Family};
use super::labels::Labels;
use crate::expose::name;

/// OpenTelemetry metrics API, "instrument name syntax".
const MAX_NAME: usize = 255;

/// Checks the names of a family and of its labels.
pub(crate) fn check<L: Labels>(descriptor: &Descriptor, shape: &Shape) -> Result<(), RegisterError> {
    let metric = descriptor.name();
    let legal = |byte: u8| byte.is_ascii_alphanumeric() || b"_.-/".contains(&byte);
    if !metric.starts_with(|first: char| first.is_ascii_alphabetic())
        || !metric.bytes().all(legal)
        || metric.len() > MAX_NAME
    {
        return Err(RegisterError::Name { name: descriptor.to_name() });
    }
    if let Shape::Histogram(layout) = shape
        && layout.buckets.bounds().is_some_and(|bounds| bounds.measure() != layout.measure)
    {
        return Err(RegisterError::Measure { name: descriptor.to_name() });
    }
    let mut written: Vec<String> = Vec::with_capacity(L::NAMES.len());
    for label in L::NAMES {
        let text = name::label(label);
        // A bucket's own label; a second one is a name given twice.
        let reserved = shape.kind() == Kind::Histogram && text == "le";
        if label.is_empty() || reserved || written.contains(&text) {
            return Err(RegisterError::LabelName { name: descriptor.to_name(), label });
        }
        written.push(text);
    }
    Ok(())
}

/// The earlier family, if it was declared alike.
pub(crate) fn same<L: Labels, M: Send + Sync + 'static>(
    family: &Arc<dyn AnyFamily>,
    descriptor: &Descriptor,
    shape: &Shape,
) -> Result<Arc<Family<L, M>>, RegisterError> {
    let name = descriptor.to_name();
    let (registered, wanted) = (family.shape().kind(), shape.kind());
    if registered != wanted {
        return Err(RegisterError::Kind { name, registered, wanted });
    }
    if family.descriptor().unit() != descriptor.unit() {
        let registered = family.descriptor().unit().to_owned();
        return Err(RegisterError::Unit { name, registered, wanted: descriptor.unit().to_owned() });
    }
    match (family.shape(), shape) {
        (Shape::Histogram(one), Shape::Histogram(other)) if one.measure != other.measure => {
            return Err(RegisterError::Measure { name });
        }
        (Shape::Histogram(one), Shape::Histogram(other)) if one != other => {
            return Err(RegisterError::Bounds { name });
        }
        // Gauges of whole numbers and of others are two instruments of one kind.
        (one, other) if one != other => return Err(RegisterError::Numbers { name }),
        _ => {}
    }
    let registered = family.label_type();
    let any: Arc<dyn Any + Send + Sync> = Arc::<dyn AnyFamily>::clone(family);
    any.downcast().map_err(|_| RegisterError::Labels { name, registered, wanted: std::any::type_name::<L>() })
}

#[cfg(all(test, not(loom)))]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use super::*;
    use crate::store::{Bounds, LabelValue, Store};

    /// One label set per list of names.
    macro_rules! labels {
        ($type:ident, $($name:literal),+) => {
            #[derive(Clone, PartialEq, Eq, Hash)]
            struct $type;

            impl Labels for $type {
                const NAMES: &'static [&'static str] = &[$($name),+];

                fn value(&self, _: usize) -> Option<LabelValue> {
                    None
                }
            }
        };
    }

    labels!(Route, "http.route");
    labels!(Bucket, "le");
    labels!(Twice, "http.route", "http_route");
    labels!(Nameless, "");

    const WAIT: Descriptor = Descriptor::new("shop.wait", "s", "");

    #[test]
    fn the_same_declaration_gives_the_same_family() {
        let store = Store::new();
        let one = store.counter_family::<Route>(WAIT).unwrap();
        let other = store.clone().counter_family::<Route>(WAIT.with_max_series(7)).unwrap();
        assert!(Arc::ptr_eq(&one, &other));
    }

    #[test]
    fn a_contradiction_is_refused_with_its_reason() {
        let store = Store::new();
        store.histogram_family::<Route>(WAIT, Bounds::default()).unwrap();
        let bounds = Bounds::from_seconds(&[1.0]).unwrap();
        let refused = [
            store.gauge_family::<Route>(WAIT).unwrap_err(),
            store.histogram_family::<Route>(WAIT, bounds).unwrap_err(),
            store.histogram_family::<()>(WAIT, Bounds::default()).unwrap_err(),
            store
                .histogram_family::<Route>(Descriptor::new("shop.wait", "ms", ""), Bounds::default())
                .unwrap_err(),
            store.gauge_family::<Route>(Descriptor::new("shop_wait", "s", "")).unwrap_err(),
            store
                .counter_family::<()>(Descriptor::new("tower_telemetry.series.refused", "", ""))
                .unwrap_err(),
        ];
        let texts = refused.map(|error| error.to_string());
        let expected = [
            "metric \"shop.wait\" is a histogram and cannot be a gauge: ask for a histogram, or choose another name",
            "histogram \"shop.wait\" has other buckets already: give the same ones, or choose another name",
            concat!(
                "metric \"shop.wait\" has the labels tower_telemetry_metrics::store::declaration::tests::Route ",
                "and cannot have (): use one label type for both, or choose another name"
            ),
            "metric \"shop.wait\" is in \"s\" and cannot be in \"ms\": use one unit for both, or choose another name",
            "metric \"shop_wait\" would be written as `shop_wait_seconds`, like \"shop.wait\": choose another name",
            concat!(
                "metric \"tower_telemetry.series.refused\" would be written as `tower_telemetry_series_refused`, ",
                "like \"tower_telemetry.series.refused\": choose another name"
            ),
        ];
        assert_eq!(texts, expected);
    }

    #[test]
    fn durations_and_whole_numbers_do_not_mix() {
        let store = Store::new();
        let refused = Err(RegisterError::Measure { name: "shop.wait".into() });
        let values = || Bounds::from_values(&[1.0]).unwrap();
        assert_eq!(store.histogram_family::<()>(WAIT, values()).map(drop), refused);
        assert_eq!(store.value_histogram_family::<()>(WAIT, Bounds::default()).map(drop), refused);
        store.value_histogram_family::<()>(WAIT, values()).unwrap();
        assert_eq!(store.histogram_family::<()>(WAIT, Bounds::default()).map(drop), refused);

        let level = || Descriptor::new("shop.level", "", "");
        store.gauge_family::<()>(level()).unwrap();
        let refused = Err(RegisterError::Numbers { name: "shop.level".into() });
        assert_eq!(store.float_gauge_family::<()>(level()).map(drop), refused);
    }

    #[test]
    fn a_label_name_that_spoils_the_exposition_is_refused() {
        let store = Store::new();
        let refused = |label| Err(RegisterError::LabelName { name: "shop.wait".into(), label });
        let bounds = Bounds::default;
        assert_eq!(store.histogram_family::<Bucket>(WAIT, bounds()).map(drop), refused("le"));
        assert_eq!(store.counter_family::<Twice>(WAIT).map(drop), refused("http_route"));
        assert_eq!(store.counter_family::<Nameless>(WAIT).map(drop), refused(""));
        assert_eq!(store.counter_family::<Bucket>(WAIT).map(drop), Ok(()));
    }

    #[test]
    fn a_name_that_is_no_instrument_name_is_refused() {
        for name in ["", "1st", ".wait", "a b", "a\nb", "ä", "a{b}", &"a".repeat(256)] {
            let descriptor = Descriptor::from_owned(name.to_owned(), String::new(), String::new());
            let refused = Store::new().gauge_family::<()>(descriptor).map(drop);
            assert_eq!(refused, Err(RegisterError::Name { name: name.to_owned().into() }));
        }
    }
}
