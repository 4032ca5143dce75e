//! The metric store: atomics on the recording side, plain data on the reading side.
//!
//! A [`Family`] holds the series of one metric; a [`Store`] holds families and [`Collect`]ors; a [`Snapshot`] is
//! what both looked like at one moment, and all that an encoder sees. To record is one or two relaxed atomic
//! additions on a handle that the caller keeps: no lock, no allocation, no float arithmetic.

mod bounds;
mod claims;
mod clock;
mod collect;
mod counter;
mod declaration;
mod descriptor;
mod error;
mod exemplar;
mod family;
mod family_snapshot;
mod gather;
mod gauge;
mod histogram;
mod label;
mod labels;
mod measure;
mod native_value;
mod number;
mod place;
mod read;
mod registry;
mod snapshot;
mod value;

pub use self::bounds::{Bounds, BoundsError};
pub use self::clock::{Clock, ManualClock};
pub use self::collect::{Collect, Sample};
pub use self::counter::Counter;
pub use self::descriptor::{Descriptor, Kind};
pub use self::error::RegisterError;
pub use self::exemplar::Exemplar;
pub use self::family::Family;
pub use self::family_snapshot::{FamilySnapshot, Series};
pub use self::gauge::Gauge;
pub use self::histogram::Histogram;
pub use self::label::{Label, LabelText};
pub use self::labels::{LabelValue, Labels};
pub use self::measure::Measure;
pub use self::native_value::NativeValue;
pub use self::number::Number;
pub use self::place::Place;
pub use self::registry::Store;
pub use self::snapshot::Snapshot;
pub use self::value::{HistogramValue, Value};
