//! Who is telling: the resource that all signals share.

use opentelemetry::{Key, KeyValue, Value};
use opentelemetry_sdk::Resource;
use tower_telemetry_core::names::metric;
use tower_telemetry_metrics::{Descriptor, Sample, Store};

use crate::settings::Environment;

/// The resource of this process: `OTEL_RESOURCE_ATTRIBUTES`, and the service's name.
pub(crate) fn of_process(name: String) -> Resource {
    // The SDK's own detectors read the environment; the name is settled before.
    Resource::builder().with_service_name(name).build()
}

/// The service's name: `OTEL_SERVICE_NAME` over the code's.
pub(crate) fn service_name(environment: Environment, code: String) -> String {
    environment.get("OTEL_SERVICE_NAME").unwrap_or(code)
}

/// Whether the resource says that this is production.
pub(crate) fn is_production(resource: &Resource) -> bool {
    let environment = resource.get(&Key::from_static_str("deployment.environment.name"));
    environment.is_some_and(|environment| environment == Value::from("production"))
}

/// Tells the resource on `/metrics`, as `target_info`.
pub(crate) fn tell(resource: &Resource, store: &Store) {
    const INFO: Descriptor = Descriptor::of(metric::TARGET_INFO);
    let attributes: Vec<KeyValue> =
        resource.iter().map(|(key, value)| KeyValue::new(key.clone(), value.clone())).collect();
    store.collector(move |out: &mut dyn FnMut(Sample<'_>)| {
        let values: Vec<_> =
            attributes.iter().map(|attribute| (attribute.key.as_str(), attribute.value.as_str())).collect();
        let labels: Vec<_> = values.iter().map(|(key, value)| (*key, &**value)).collect();
        out(Sample::gauge(&INFO, &labels, 1_u64));
    });
}
