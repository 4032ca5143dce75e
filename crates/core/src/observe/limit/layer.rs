use tower_layer::Layer;

use crate::observe::limit::{Admitted, LimitWatch, Limited};

/// Observes the layer `L`, which holds requests back: what waits at it, what it refuses, what is behind it.
///
/// Any layer will do: `ConcurrencyLimitLayer`, `LoadShedLayer`, `BufferLayer` and stacks of them, or one that answers
/// for itself (429). **Stands** in the place of the layer that it holds; within the windows, so that a refusal is an
/// exchange as well. **Reads** and **writes** no header. **Costs** two allocations and two looks at the clock.
///
/// # tonic
///
/// What stands in tonic's `Server::layer` is inside of its own `concurrency_limit_per_connection`, `load_shed` and
/// `timeout`: what these refuse, no layer sees. Leave them unset, and stack them by hand:
///
/// ```text
/// Server::builder().layer(
///     ServiceBuilder::new()
///         .layer(telemetry.grpc_server())
///         .layer(limit.observe(ServiceBuilder::new().load_shed().concurrency_limit(64).into_inner()))
///         .into_inner(),
/// )
/// ```
#[derive(Debug, Clone)]
pub struct ObserveLimit<L, W> {
    limit: L,
    watch: W,
}

impl<L, W> ObserveLimit<L, W> {
    /// Observes this layer for `watch`.
    pub const fn new(limit: L, watch: W) -> Self {
        Self { limit, watch }
    }
}

impl<S, L, W> Layer<S> for ObserveLimit<L, W>
where
    L: Layer<Admitted<S, W>>,
    W: LimitWatch,
{
    type Service = Limited<L::Service, W>;

    fn layer(&self, inner: S) -> Self::Service {
        let admitted = Admitted::new(inner, self.watch.clone());
        Limited::new(self.limit.layer(admitted), self.watch.clone())
    }
}
