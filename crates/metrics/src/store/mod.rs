//! The metric store: atomics on the recording side, plain data on the reading side.
//!
//! A [`Family`] holds the series of one metric; a [`Store`] holds families and [`Collect`]ors; a [`Snapshot`] is
//! what both looked like at one moment, and all that an encoder sees. To record is one or two relaxed atomic
//! operations on a handle that the caller keeps: no lock, no allocation, no float arithmetic.

mod alike;
mod annex;
mod bounds;
mod buckets;
mod cells;
mod claims;
mod clock;
mod collect;
mod collected;
mod companions;
mod counter;
mod declaration;
mod deprecations;
mod descriptor;
mod error;
mod exemplar;
mod extremes;
mod family;
mod family_snapshot;
mod float_gauge;
mod float_histogram;
mod gather;
mod gauge;
mod grid;
mod histogram;
mod histogram_point;
mod key;
mod label;
mod label_field;
mod label_macro;
mod label_table;
mod labels;
mod labels_macro;
mod layout;
mod line;
mod listed;
#[cfg(all(test, loom))]
#[allow(clippy::unwrap_used, clippy::panic, reason = "a model stops at the first surprise")]
mod loom;
mod measure;
mod native_value;
mod number;
mod place;
mod read;
mod register;
mod registered;
mod registry;
mod search;
mod series;
mod slot;
mod snapshot;
mod summary_value;
mod sync;
mod tally;
mod value;
mod value_histogram;

#[cfg(feature = "opentelemetry")]
pub(crate) use self::{descriptor::Shape, labels::visible, layout::Layout, read::Read, slot::Slot};

pub use self::bounds::{Bounds, BoundsError};
pub use self::buckets::{Buckets, Native};
pub use self::clock::{Clock, ManualClock};
pub use self::collect::{Collect, Sample};
pub use self::collected::{HistogramSample, NativeSample, SummarySample};
pub use self::counter::Counter;
pub use self::descriptor::{Descriptor, Kind};
pub use self::error::RegisterError;
pub use self::exemplar::Exemplar;
pub use self::family::Family;
pub use self::family_snapshot::FamilySnapshot;
pub use self::float_gauge::FloatGauge;
pub use self::float_histogram::FloatHistogram;
pub use self::gauge::Gauge;
pub use self::histogram::Histogram;
pub use self::label::{Label, LabelText};
pub use self::label_field::LabelField;
pub use self::labels::{LabelValue, Labels};
pub use self::measure::Measure;
pub use self::native_value::NativeValue;
pub use self::number::Number;
pub use self::place::Place;
pub use self::registry::Store;
pub use self::series::Series;
pub use self::snapshot::Snapshot;
pub use self::summary_value::SummaryValue;
pub use self::value::{HistogramValue, Value};
pub use self::value_histogram::ValueHistogram;
