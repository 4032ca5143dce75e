use std::marker::PhantomData;
use std::sync::Arc;

use http::request;
use tower_layer::Layer;

use crate::authority::Authority;
use crate::classify::Classify;
use crate::door::Door;
use crate::exchange::Exchange;
use crate::observe::{AsIs, Observe};
use crate::protocol::Scheme;
use crate::rpc_methods::RpcMethods;
use crate::side::Side;
use crate::signal::Signal;
use crate::skip::Skip;

/// Observes every exchange of the service that it wraps, for one signal or a tuple of them.
///
/// Stands anywhere in a stack: inside or around a router, outside timeouts and load shedding,
/// around a client. Layers that are stacked apart on one side share the exchange. A clone costs a
/// reference count, so it may be laid anew for every connection or request, as axum does.
///
/// ```
/// use tower_telemetry_core::{ObserveLayer, Side};
///
/// let layer = ObserveLayer::new(Side::Server, ())
///     .with_grpc_methods(["shop.v1.Inventory/Reserve"]);
/// # let _ = layer;
/// ```
#[derive(Debug)]
pub struct ObserveLayer<S, M = AsIs> {
    plan: Arc<Plan<S>>,
    map: PhantomData<fn() -> M>,
}

/// What all services of a layer share.
#[derive(Debug, Clone)]
pub(crate) struct Plan<S> {
    pub(crate) signal: S,
    pub(crate) door: Door,
}

impl<S> ObserveLayer<S> {
    /// A layer of this side for this signal.
    pub fn new(side: Side, signal: S) -> Self {
        Self::of(Plan { signal, door: Door::new(side) })
    }
}

impl<S: Signal, M> ObserveLayer<S, M> {
    /// Lets `classify` decide where [`judge`](crate::judge) would not do.
    #[must_use]
    pub fn with_classify(self, classify: impl Classify) -> Self {
        self.map_door(|door| door.classify = Some(Arc::new(classify)))
    }

    /// Declares the gRPC methods of this server, each as `package.Service/Method`.
    ///
    /// Others become known when a call to them ends with OK; until then they are `_OTHER`.
    ///
    /// # Cardinality
    /// The declared methods, and at most [`LEARNT_MAX`](crate::rpc_methods::LEARNT_MAX) learnt ones.
    #[must_use]
    pub fn with_grpc_methods(self, methods: impl IntoIterator<Item = &'static str>) -> Self {
        self.map_door(|door| door.methods = Arc::new(RpcMethods::declared(methods)))
    }

    /// Declares the route templates of what stands behind, so that a route is known at the door.
    ///
    /// A router further in still tells the route where the table has none.
    #[cfg(feature = "routes")]
    #[must_use]
    pub fn with_routes(self, table: crate::RouteTable) -> Self {
        self.map_door(|door| door.table = Some(Arc::new(table)))
    }

    /// The scheme of requests that do not tell it, as HTTP/1 requests to a server: `http` by default.
    #[must_use]
    pub fn with_scheme(self, scheme: Scheme) -> Self {
        self.map_door(|door| door.scheme = scheme)
    }

    /// The server that this client speaks to, where the request does not tell it.
    ///
    /// A tonic `Channel` adds its origin below any layer, so a gRPC client layer wants this.
    #[must_use]
    pub fn with_server(self, server: Authority) -> Self {
        self.map_door(|door| door.server = Some(server))
    }

    /// The same layer for a signal made of this one: other windows around it, others' beside it.
    ///
    /// What the layer knows of its stack (routes, gRPC methods, the classifier) stays.
    ///
    /// ```
    /// use tower_telemetry_core::{ObserveLayer, Side};
    ///
    /// let windows = ObserveLayer::new(Side::Server, ((), ()));
    /// let and_mine = windows.map_signal(|windows| ((), windows));
    /// # let _ = and_mine;
    /// ```
    #[must_use]
    pub fn map_signal<T: Signal>(self, map: impl FnOnce(S) -> T) -> ObserveLayer<T, M> {
        let Plan { signal, door } = Arc::unwrap_or_clone(self.plan);
        ObserveLayer::of(Plan { signal: map(signal), door })
    }

    fn map_door(self, change: impl FnOnce(&mut Door)) -> Self {
        let mut plan = Arc::unwrap_or_clone(self.plan);
        change(&mut plan.door);
        Self::of(plan)
    }
}

impl<S, M> ObserveLayer<S, M> {
    /// The same layer for axum: for [`Router::layer`](axum::Router::layer), or around a router.
    ///
    /// The response has axum's own body type. In `Router::layer` that is what axum makes of any body, later and by
    /// more copies; around a router it is what `axum::serve` and the layers for axum ask for.
    #[cfg(feature = "axum")]
    #[must_use]
    pub fn for_axum(self) -> ObserveLayer<S, crate::AxumBody> {
        ObserveLayer { plan: self.plan, map: PhantomData }
    }

    fn of(plan: Plan<S>) -> Self {
        Self { plan: Arc::new(plan), map: PhantomData }
    }
}

impl<S, M> Clone for ObserveLayer<S, M> {
    fn clone(&self) -> Self {
        Self { plan: Arc::clone(&self.plan), map: PhantomData }
    }
}

impl<I, S, M> Layer<I> for ObserveLayer<S, M> {
    type Service = Observe<I, S, M>;

    fn layer(&self, inner: I) -> Self::Service {
        Observe::new(inner, Arc::clone(&self.plan))
    }
}

/// Turns a signal, or a tuple of them, into a layer.
pub trait SignalExt: Signal {
    /// The layer that observes what a server receives.
    fn server(self) -> ObserveLayer<Self> {
        ObserveLayer::new(Side::Server, self)
    }

    /// The layer that observes what a client sends.
    fn client(self) -> ObserveLayer<Self> {
        ObserveLayer::new(Side::Client, self)
    }

    /// Keeps the exchanges of this predicate from being recorded; their context still propagates.
    ///
    /// ```
    /// use tower_telemetry_core::SignalExt;
    /// let layer = ().skip(|_, head| head.uri.path() == "/healthz").server();
    /// # let _ = layer;
    /// ```
    fn skip<P>(self, predicate: P) -> Skip<Self, P>
    where
        P: Fn(&Exchange, &request::Parts) -> bool + Clone + Send + Sync + 'static,
    {
        Skip::new(self, predicate)
    }
}

impl<S: Signal> SignalExt for S {}
