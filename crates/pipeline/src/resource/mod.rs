//! Who is telling: the resource that all signals share.
//!
//! Its attributes, the later over the earlier: what can be found out about the process and what it runs in; what the
//! program says; `OTEL_RESOURCE_ATTRIBUTES`; and, for the name alone, `OTEL_SERVICE_NAME`.

mod about;
mod attributes;
mod cloud;
mod container;
mod detection;
mod host;
mod instance;
mod kubernetes;
mod machine;
mod process;
mod variable;

use opentelemetry::{Key, KeyValue, Value};
use opentelemetry_sdk::Resource;
use tower_telemetry_core::names::{metric, resource};
use tower_telemetry_metrics::{Descriptor, Sample, Store};

pub(crate) use self::about::{About, Told, Unread};
pub use self::detection::Detection;

/// Whether the resource says that this is production.
pub(crate) fn is_production(resource: &Resource) -> bool {
    let environment = resource.get(&Key::from_static_str(resource::DEPLOYMENT_ENVIRONMENT_NAME));
    environment.is_some_and(|environment| environment == Value::from("production"))
}

/// Tells the resource on `/metrics`, as `target_info`.
pub(crate) fn tell(resource: &Resource, store: &Store) {
    const INFO: Descriptor = Descriptor::of(metric::TARGET_INFO);
    let mut attributes: Vec<KeyValue> =
        resource.iter().map(|(key, value)| KeyValue::new(key.clone(), value.clone())).collect();
    attributes.sort_by(|one, other| one.key.as_str().cmp(other.key.as_str()));
    store.collector(move |out: &mut dyn FnMut(Sample<'_>)| {
        let values: Vec<_> =
            attributes.iter().map(|attribute| (attribute.key.as_str(), attribute.value.as_str())).collect();
        let labels: Vec<_> = values.iter().map(|(key, value)| (*key, &**value)).collect();
        out(Sample::gauge(&INFO, &labels, 1_u64));
    });
}
