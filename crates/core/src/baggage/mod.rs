//! What the services of one request tell each other, the `baggage` header of [W3C Baggage].
//!
//! A list of members, `key=value;property;property=value` each, that travels with the request. Members come in and go
//! out in their order, with their properties and to the letter, as long as nobody changes them: a well-formed header of
//! one line is shared, not copied. A malformed member is dropped alone, as the standard allows; beyond 64 members or
//! 8192 bytes, over all lines together, whole members are dropped.
//!
//! ```
//! use tower_telemetry_core::Baggage;
//!
//! let (inbound, refused) = Baggage::parse(b"userId=Am%C3%A9lie;trusted , n=1=1, broken");
//! assert_eq!(inbound.get("userId").as_deref(), Some("Amélie"));
//! assert_eq!(inbound.get("n").as_deref(), Some("1=1"));
//! assert_eq!(refused, 1);
//!
//! let outbound = inbound.with("tier", "50% off")?;
//! assert_eq!(outbound.to_header_value().unwrap(), "userId=Am%C3%A9lie;trusted,n=1=1,tier=50%25%20off");
//! # Ok::<(), tower_telemetry_core::baggage::BaggageError>(())
//! ```
//!
//! [W3C Baggage]: https://www.w3.org/TR/baggage/

mod draft;
mod error;
mod grammar;
mod inbound;
mod list;
mod member;
mod percent;

pub use error::BaggageError;
pub use list::Baggage;
pub use member::{Member, Property};
pub use percent::{decode, encode};

#[cfg(test)]
mod vectors;
