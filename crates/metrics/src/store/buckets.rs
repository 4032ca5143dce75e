//! Which buckets a histogram has.

use super::bounds::Bounds;

/// The finest resolution: 64 buckets between a number and its double.
const FINEST: i32 = 6;
/// The coarsest: 16 bits of range in one bucket (OpenTelemetry and Prometheus stop there).
const COARSEST: i32 = -4;

/// The buckets of a histogram family: with bounds of its own, exponential, or both at once.
///
/// Both cost one recording, not two: each count belongs to one bucket of either kind, so the two always agree.
///
/// ```
/// use tower_telemetry_metrics::{Bounds, Buckets, Descriptor, Native, Store};
///
/// let store = Store::new();
/// let wait = Descriptor::new("shop.wait", "s", "Time spent waiting.");
/// store.histogram_family::<()>(wait, Buckets::Both(Bounds::default(), Native::default()))?;
/// # Ok::<(), tower_telemetry_metrics::RegisterError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub enum Buckets {
    /// Upper bounds, for every reader.
    Classic(Bounds),
    /// Exponential buckets alone. A format that cannot show them shows count and sum.
    Native(Native),
    /// Exponential buckets beside upper bounds.
    Both(Bounds, Native),
}

/// The resolution of exponential buckets: native histograms of Prometheus, exponential ones of OpenTelemetry.
///
/// A series begins with room for one doubling and takes 128 bytes (at the default resolution) for every two
/// doublings that its values reach, at most 4.6 KiB, and 0.6 KiB of tables. A snapshot that would show more
/// buckets than [`max_buckets`](Self::max_buckets) merges neighbours, in halves, until they fit: the counts in the
/// store keep their resolution, and nothing is lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Native {
    schema: i32,
    max_buckets: usize,
}

impl Native {
    /// Sets the resolution: `2^schema` buckets between a number and its double. From -4 to 6; beyond, the nearest.
    ///
    /// The default is 3: neighbours differ by 9 %.
    #[must_use]
    pub fn with_schema(self, schema: i32) -> Self {
        Self { schema: schema.clamp(COARSEST, FINEST), ..self }
    }

    /// Sets how many buckets a snapshot shows of a series. The default is 160, the least is 8.
    #[must_use]
    pub fn with_max_buckets(self, max_buckets: usize) -> Self {
        // Fewer could not hold the range of a `u64` at the coarsest resolution.
        Self { max_buckets: max_buckets.max(8), ..self }
    }

    /// The resolution in the store.
    pub fn schema(&self) -> i32 {
        self.schema
    }

    /// How many buckets a snapshot shows of a series.
    pub fn max_buckets(&self) -> usize {
        self.max_buckets
    }
}

impl Default for Native {
    fn default() -> Self {
        Self { schema: 3, max_buckets: 160 }
    }
}

impl Buckets {
    pub(crate) fn bounds(&self) -> Option<&Bounds> {
        match self {
            Self::Classic(bounds) | Self::Both(bounds, _) => Some(bounds),
            Self::Native(_) => None,
        }
    }

    pub(crate) fn native(&self) -> Option<Native> {
        match self {
            Self::Classic(_) => None,
            Self::Native(native) | Self::Both(_, native) => Some(*native),
        }
    }
}

impl From<Bounds> for Buckets {
    fn from(bounds: Bounds) -> Self {
        Self::Classic(bounds)
    }
}

impl From<Native> for Buckets {
    fn from(native: Native) -> Self {
        Self::Native(native)
    }
}
