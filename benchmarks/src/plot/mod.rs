//! The charts of the documentation, as SVG.

mod bars;
mod charts;

pub(crate) use self::charts::all as charts;
