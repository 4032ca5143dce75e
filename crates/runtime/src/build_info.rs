//! Which build this is.

use tower_telemetry_core::names::{attribute, metric};
use tower_telemetry_metrics::{Collect, Descriptor, Sample};

const INFO: Descriptor = Descriptor::of(metric::BUILD_INFO);

/// The collector of `tower_telemetry.build.info`: 1, with the version of these crates and the profile they were
/// built with. The version of the service itself is `service.version`, a matter of the resource.
///
/// ```
/// use tower_telemetry_metrics::Store;
/// use tower_telemetry_runtime::BuildInfo;
///
/// let store = Store::new();
/// store.collector(BuildInfo::new());
/// assert_eq!(store.snapshot().total("tower_telemetry.build.info", &[]), 1.0);
/// ```
///
/// # Cardinality
///
/// One series.
#[derive(Debug, Default)]
pub struct BuildInfo(());

impl BuildInfo {
    /// The collector.
    #[must_use]
    pub const fn new() -> Self {
        Self(())
    }
}

impl Collect for BuildInfo {
    fn collect(&self, out: &mut dyn FnMut(Sample<'_>)) {
        let profile = if cfg!(debug_assertions) { "debug" } else { "release" };
        let labels = [(attribute::VERSION, env!("CARGO_PKG_VERSION")), (attribute::PROFILE, profile)];
        out(Sample::gauge(&INFO, &labels, 1_u64));
    }
}
