//! Who calls, and who is called: trust, context, and the methods that are known.

use tower_telemetry_core::{Trust, TrustPolicy};
use tower_telemetry_request_id::{RequestIds, ResponseContract};
use tower_telemetry_trace::{Destinations, Propagation};

use crate::builder::TelemetryBuilder;
#[cfg(feature = "tonic")]
use crate::error::InitError;

/// What all windows want to know of a call.
pub(super) struct Calls {
    pub(super) trust: TrustPolicy,
    pub(super) propagation: Propagation,
    pub(super) methods: Vec<&'static str>,
    pub(super) choose_ids: ChooseIds,
}

type ChooseIds = Box<dyn FnOnce(RequestIds) -> RequestIds + Send>;

impl Default for Calls {
    fn default() -> Self {
        Self {
            trust: TrustPolicy::default(),
            propagation: Propagation::default(),
            methods: Vec::new(),
            choose_ids: Box::new(|ids| ids.with_contract(ResponseContract::new())),
        }
    }
}

impl TelemetryBuilder {
    /// Callers are strangers: a new trace is linked to theirs, their sampling decision is not
    /// obeyed, their baggage is dropped, and their request id is kept apart.
    pub fn public(self) -> Self {
        self.with_trust(Trust::Link)
    }

    /// Believes callers in this way, all alike or each by its request: a [`Trust`], or a
    /// [`TrustPolicy::by`].
    pub fn with_trust(mut self, trust: impl Into<TrustPolicy>) -> Self {
        self.calls.trust = trust.into();
        self
    }

    /// Reads and writes context in these formats, for these servers; `OTEL_PROPAGATORS` chooses the
    /// formats where it is set.
    pub fn with_propagation(mut self, propagation: Propagation) -> Self {
        self.calls.propagation = propagation;
        self
    }

    /// Tells context and baggage to these servers alone; see [`Destinations::hosts`].
    pub fn with_allowed_hosts(mut self, hosts: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.calls.propagation = self.calls.propagation.with_destinations(Destinations::hosts(hosts));
        self
    }

    /// Chooses the header and the maker of request ids, and what else responses tell their callers.
    ///
    /// ```
    /// use http::HeaderName;
    /// use tower_telemetry_pipeline::Telemetry;
    /// use tower_telemetry_request_id::{Audience, ResponseContract};
    ///
    /// let builder = Telemetry::builder("orders").with_request_ids(|ids| {
    ///     ids.with_header(HeaderName::from_static("x-correlation-id"))
    ///         .with_contract(ResponseContract::new().with_trace_id(Audience::Everybody))
    /// });
    /// # let _ = builder;
    /// ```
    pub fn with_request_ids(
        mut self,
        choose: impl FnOnce(RequestIds) -> RequestIds + Send + 'static,
    ) -> Self {
        let before = self.calls.choose_ids;
        self.calls.choose_ids = Box::new(move |ids| choose(before(ids)));
        self
    }

    /// Declares gRPC methods of this server, each as `package.Service/Method`.
    pub fn with_grpc_methods(mut self, methods: impl IntoIterator<Item = &'static str>) -> Self {
        self.calls.methods.extend(methods);
        self
    }

    /// Declares the gRPC methods of an encoded `FileDescriptorSet`, as tonic-build writes it.
    ///
    /// # Errors
    /// The bytes are no descriptor set.
    #[cfg(feature = "tonic")]
    pub fn with_grpc_descriptors(mut self, descriptors: &[u8]) -> Result<Self, InitError> {
        self.calls.methods.extend(crate::rpc::methods_of(descriptors)?);
        Ok(self)
    }
}
