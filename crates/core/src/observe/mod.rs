//! The request path: the only place of this crate where futures are polled, clocks read and endings told.
//!
//! One wrapper, whatever the number of windows: [`ObserveLayer`] makes an [`Observe`], whose
//! [`ResponseFuture`] and [`ResponseBody`] pass one running half from the request to the true end
//! of the response. Whoever drops it open, tells the ending.

mod body;
mod carry;
mod enqueued;
mod future;
mod head;
mod layer;
pub mod limit;
mod live;
mod map_body;
mod readiness;
mod request_body;
mod running;
mod service;

pub use body::ResponseBody;
pub use carry::{Carried, Carry};
pub use enqueued::Enqueued;
pub use future::ResponseFuture;
#[doc(hidden)]
pub use head::is_event_stream;
pub use layer::{ObserveLayer, SignalExt};
pub use map_body::{AsIs, MapBody};
pub use request_body::{RequestBody, RequestBodyLayer, RequestBodyService};
pub use service::Observe;
