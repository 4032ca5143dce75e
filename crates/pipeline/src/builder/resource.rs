//! What is said of the service itself, the same on all signals.

use opentelemetry::{Key, Value};
use tower_telemetry_core::names::resource;

use crate::builder::TelemetryBuilder;
use crate::resource::Detection;

impl TelemetryBuilder {
    /// Tells the version of the service, as `service.version`.
    ///
    /// ```
    /// use tower_telemetry_pipeline::Telemetry;
    ///
    /// let builder = Telemetry::builder("orders").with_service_version(env!("CARGO_PKG_VERSION"));
    /// # let _ = builder;
    /// ```
    pub fn with_service_version(self, version: impl Into<String>) -> Self {
        self.with_resource_attribute(resource::SERVICE_VERSION, version.into())
    }

    /// Tells what the service is a part of, as `service.namespace`.
    pub fn with_service_namespace(self, namespace: impl Into<String>) -> Self {
        self.with_resource_attribute(resource::SERVICE_NAMESPACE, namespace.into())
    }

    /// Tells where the service runs, as `deployment.environment.name`; `production` has a sampler of its own.
    pub fn with_environment(self, name: impl Into<String>) -> Self {
        self.with_resource_attribute(resource::DEPLOYMENT_ENVIRONMENT_NAME, name.into())
    }

    /// Tells this of the service, on all signals; `OTEL_RESOURCE_ATTRIBUTES` wins over it, attribute by attribute.
    ///
    /// # Cardinality
    /// On `/metrics` it is a label of `target_info` alone.
    pub fn with_resource_attribute(mut self, key: impl Into<Key>, value: impl Into<Value>) -> Self {
        self.about.attributes.set(key, value);
        self
    }

    /// Looks for more about the process and what it runs in, which is the default, or does not.
    ///
    /// ```
    /// use tower_telemetry_pipeline::{Detection, Telemetry};
    ///
    /// let builder = Telemetry::builder("orders").with_resource_detection(Detection::Off);
    /// # let _ = builder;
    /// ```
    pub fn with_resource_detection(mut self, detection: Detection) -> Self {
        self.about.detection = detection;
        self
    }
}
