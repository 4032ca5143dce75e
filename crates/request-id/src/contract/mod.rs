//! The response contract: what a response tells its caller of the exchange, header by header.

mod audience;
mod cors;
mod standing;
mod table;
mod text;
mod timing;

pub use audience::Audience;
pub use table::ResponseContract;
pub(crate) use table::{hear, insert};
