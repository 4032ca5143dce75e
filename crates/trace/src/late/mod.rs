//! Exchanges that wait for their end to be kept or not.
//!
//! What waits is an [`Arrival`](crate::arrival::Arrival), attached to the card. A call that a server
//! makes while it handles a request waits with the request: at its own end it is handed to the
//! exchange that the trace began with in this process, and shares its fate.

mod calls;
mod root;
mod settle;
mod span;
mod waiting;

pub(crate) use root::{root_above, root_of};
pub(crate) use settle::settle;
pub(crate) use span::kind;
pub(crate) use waiting::Waiting;
