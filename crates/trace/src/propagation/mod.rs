//! Between the headers of a request and the context of OpenTelemetry.
//!
//! [`Propagation`] is what a window holds: it reads what a caller tells, as far as the caller is
//! believed, and writes what a callee is to know.

mod carried;
mod ids;
mod inherited;
mod propagator;

pub(crate) use carried::{Carried, state_of};
pub(crate) use ids::{ids_of, span_context};
pub(crate) use inherited::Inherited;
pub use inherited::Wish;
pub use propagator::Propagation;
