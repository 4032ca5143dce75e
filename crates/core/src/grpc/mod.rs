//! The status and the method of a gRPC call, as they stand in headers, trailers and paths.
//!
//! Reading never fails: a status that cannot be understood is [`Code::Unknown`], which is not success.
//!
//! ```
//! use tower_telemetry_core::grpc::{self, Code};
//! use http::{HeaderMap, HeaderValue};
//!
//! let mut trailers = HeaderMap::new();
//! assert_eq!(grpc::status(&trailers), None);
//! trailers.insert("grpc-status", HeaderValue::from_static("4"));
//! assert_eq!(grpc::status(&trailers), Some(Code::DeadlineExceeded));
//! assert_eq!(grpc::method_path("/shop.Cart/Add"), Some("shop.Cart/Add"));
//! ```

mod code;
mod messages;
mod method_path;
mod status;

pub use code::Code;
pub use messages::MessageCounter;
pub use method_path::method_path;
pub use status::status;
