//! One row of the table beside what the conventions say.

use tower_telemetry_core::names::{Entry, Instrument, Kind, Origin};

use super::{
    Finding,
    model::{Item, Model},
    release::Stable,
};

/// Why the row is wrong, if it is.
pub(crate) fn finding(entry: &Entry, model: &Model, stable: &Stable) -> Option<Finding> {
    let (item, is_stable) = match entry.kind {
        Kind::Metric => (model.metric(entry.name), stable.metrics.contains(entry.name)),
        Kind::Attribute | Kind::Field => {
            (model.attribute(entry.name), stable.attributes.contains(entry.name))
        }
        // The release is all that is asked of these: there is no copy of their part of the model.
        Kind::ResourceAttribute => {
            let is_stable = stable.attributes.contains(entry.name);
            return match entry.origin {
                Origin::Stable if !is_stable => {
                    Some(format!("{} is not stable in the conventions", entry.name))
                }
                origin if origin != Origin::Stable && is_stable => {
                    Some(format!("{} is stable in the conventions", entry.name))
                }
                _ => None,
            };
        }
        // The constants of the release are all that is asked of these: the model is from before it.
        Kind::AttributePrefix if entry.origin == Origin::Development => return None,
        Kind::AttributePrefix | Kind::Event => {
            let is_told = stable.prefixes.contains(entry.name) || stable.events.contains(entry.name);
            let is_own = !matches!(entry.origin, Origin::Stable | Origin::Development);
            return (is_told == is_own)
                .then(|| format!("{} is told otherwise in the conventions", entry.name));
        }
        // The conventions define neither headers nor the values of `error.type`.
        _ => (None, false),
    };
    let told = match entry.origin {
        Origin::Stable if is_stable => None,
        Origin::Stable => Some("is not stable in the conventions"),
        Origin::Development if is_stable => Some("is stable in the conventions"),
        Origin::Development if item.is_none() => Some("is not in the conventions"),
        Origin::Development => None,
        _ if is_stable || item.is_some() => Some("is from the conventions, but the table says otherwise"),
        _ => return None,
    };
    let told = told.map(str::to_owned).or_else(|| match item {
        None => Some("is not in the model of the conventions".to_owned()),
        Some(item) if item.field("deprecated").is_some() => Some("is deprecated".to_owned()),
        Some(item) => shape(entry, item),
    });
    told.map(|told| format!("{} {told}", entry.name))
}

fn shape(entry: &Entry, item: &Item) -> Option<String> {
    let metric = entry.metric?;
    let instrument = match metric.instrument {
        Instrument::Counter => "counter",
        Instrument::UpDownCounter => "updowncounter",
        Instrument::Histogram => "histogram",
        Instrument::Gauge => "gauge",
        _ => "",
    };
    let [said, unit] = ["instrument", "unit"].map(|field| item.field(field).unwrap_or_default());
    (said != instrument || unit != metric.unit)
        .then(|| format!("is a {instrument} in {:?}; the conventions say a {said} in {unit:?}", metric.unit))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use tower_telemetry_core::names::Metric;

    use super::*;

    fn conventions() -> (Model, Stable) {
        let mut model = Model::default();
        model.read(
            "- id: url.path\n  stability: stable\n- id: url.template\n  stability: development\n- id: rpc.method\n  \
             stability: release_candidate\n- id: old\n  stability: development\n  deprecated: {}\n- id: metric.x\n  \
             metric_name: x\n  stability: stable\n  instrument: histogram\n  unit: \"s\"\n",
        );
        let attributes = ["url.path", "rpc.method"].map(str::to_owned).into();
        let events = ["a.exception".to_owned()].into();
        (model, Stable { attributes, events, metrics: ["x".to_owned()].into(), ..Stable::default() })
    }

    fn attribute(name: &'static str, origin: Origin) -> Option<Finding> {
        let (model, stable) = conventions();
        finding(&Entry { kind: Kind::Attribute, name, origin, help: "", metric: None }, &model, &stable)
    }

    fn event(name: &'static str, origin: Origin) -> Option<Finding> {
        let (model, stable) = conventions();
        finding(&Entry { kind: Kind::Event, name, origin, help: "", metric: None }, &model, &stable)
    }

    #[test]
    fn an_attribute_of_the_resource_is_as_stable_as_the_release_says() {
        let (model, stable) = conventions();
        let check = |name, origin| {
            let entry = Entry { kind: Kind::ResourceAttribute, name, origin, help: "", metric: None };
            finding(&entry, &model, &stable).is_some()
        };
        assert!(!check("url.path", Origin::Stable) && !check("host.name", Origin::Development));
        assert!(check("url.path", Origin::Development) && check("host.name", Origin::Stable));
    }

    #[test]
    fn an_event_is_from_the_conventions_or_our_own() {
        assert_eq!(event("a.exception", Origin::Development), None);
        assert_eq!(event("tower_telemetry.frame", Origin::Own), None);
        assert!(event("b.exception", Origin::Development).is_some());
        assert!(event("a.exception", Origin::Own).is_some());
    }

    fn metric(instrument: Instrument, unit: &'static str) -> Option<Finding> {
        let (model, stable) = conventions();
        let metric = Some(Metric { name: "x", instrument, unit, help: "" });
        finding(
            &Entry { kind: Kind::Metric, name: "x", origin: Origin::Stable, help: "", metric },
            &model,
            &stable,
        )
    }

    #[test]
    fn what_the_conventions_say_passes() {
        assert_eq!(attribute("url.path", Origin::Stable), None);
        assert_eq!(attribute("url.template", Origin::Development), None);
        assert_eq!(attribute("ours", Origin::Own), None);
        assert_eq!(metric(Instrument::Histogram, "s"), None);
    }

    #[test]
    fn the_release_and_not_the_model_says_what_is_stable() {
        assert_eq!(attribute("rpc.method", Origin::Stable), None);
        assert!(attribute("rpc.method", Origin::Development).unwrap().contains("is stable"));
        assert!(attribute("url.template", Origin::Stable).unwrap().contains("is not stable"));
    }

    #[test]
    fn an_unknown_or_deprecated_name_is_found() {
        assert!(attribute("url.pfad", Origin::Stable).is_some());
        assert!(attribute("url.pfad", Origin::Development).unwrap().contains("is not in"));
        assert!(attribute("old", Origin::Development).unwrap().contains("deprecated"));
    }

    #[test]
    fn a_name_of_the_conventions_is_nobodys_own() {
        assert!(attribute("url.path", Origin::Own).is_some());
        assert!(attribute("url.template", Origin::Common).is_some());
    }

    #[test]
    fn a_metric_of_another_shape_is_found() {
        assert!(metric(Instrument::Histogram, "ms").unwrap().contains("\"ms\""));
        assert!(metric(Instrument::Gauge, "s").unwrap().contains("a histogram"));
    }
}
