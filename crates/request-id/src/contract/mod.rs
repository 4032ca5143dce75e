//! The response contract: what a response tells its caller of the exchange, header by header.

mod answer;
mod audience;
mod cors;
mod duties;
mod hear;
mod standing;
mod table;
mod text;
mod timing;

pub(crate) use answer::answer;
pub use audience::Audience;
pub(crate) use duties::Duties;
pub(crate) use hear::hear;
pub use table::ResponseContract;
