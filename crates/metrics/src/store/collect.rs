//! Values that are computed when somebody looks.

use super::descriptor::{Descriptor, Kind};
use super::number::Number;

/// A source of values read at each snapshot: process statistics, build information, another registry.
///
/// A closure over `&mut dyn FnMut(Sample<'_>)` is one, too.
///
/// ```
/// use tower_telemetry_metrics::{Descriptor, Sample, Store};
///
/// const INFO: Descriptor = Descriptor::new("target.info", "", "Attributes of this process.");
///
/// let store = Store::new();
/// let version = String::from("1.2.3");
/// store.collector(move |out: &mut dyn FnMut(Sample<'_>)| {
///     out(Sample::gauge(&INFO, &[("service.version", &version)], 1_u64));
/// });
/// assert_eq!(store.snapshot().value("target.info", &[("service.version", "1.2.3")]), Some(1.0));
/// ```
pub trait Collect: Send + Sync + 'static {
    /// Tells every value, in any order. It runs on the thread of the scrape and holds up only that.
    ///
    /// A sample is refused, and counted in `tower_telemetry.samples.refused`, when its name is that of a
    /// registered family or of samples of another kind, when it cannot be told from another name in the
    /// exposition, or when it has been told before with the same labels.
    fn collect(&self, out: &mut dyn FnMut(Sample<'_>));
}

/// One value with its labels, which may be texts made at run time.
///
/// # Cardinality
///
/// The collector bounds the number of its samples and the values of their labels: both come from it alone.
#[derive(Clone, Copy, Debug)]
pub struct Sample<'a> {
    pub(crate) descriptor: &'a Descriptor,
    pub(crate) labels: &'a [(&'a str, &'a str)],
    pub(crate) kind: Kind,
    pub(crate) number: Number,
}

impl<'a> Sample<'a> {
    /// A sum that only grows, counted by another.
    pub fn counter(
        descriptor: &'a Descriptor,
        labels: &'a [(&'a str, &'a str)],
        number: impl Into<Number>,
    ) -> Self {
        Self { descriptor, labels, kind: Kind::Counter, number: number.into() }
    }

    /// A level.
    pub fn gauge(
        descriptor: &'a Descriptor,
        labels: &'a [(&'a str, &'a str)],
        number: impl Into<Number>,
    ) -> Self {
        Self { descriptor, labels, kind: Kind::Gauge, number: number.into() }
    }
}

impl<C> Collect for C
where
    C: Fn(&mut dyn FnMut(Sample<'_>)) + Send + Sync + 'static,
{
    fn collect(&self, out: &mut dyn FnMut(Sample<'_>)) {
        self(out);
    }
}
