//! `grpc-status`, and the messages of a gRPC body in any chunks.

use tower_telemetry_core::grpc::{Code, method_path, status};
use tower_telemetry_core::names::header::GRPC_STATUS;

use super::input;

pub(crate) fn run(data: &[u8]) {
    let headers = input::headers(&GRPC_STATUS, data);
    let read = status(&headers);
    assert_eq!(read.is_some(), headers.contains_key(GRPC_STATUS));
    if let (Some(code), Some(value)) = (read, headers.get(GRPC_STATUS)) {
        let spelt = code.as_u8().to_string();
        assert!(code == Code::Unknown || value.as_bytes() == spelt.as_bytes(), "{value:?} is {code:?}");
    }
    let path = String::from_utf8_lossy(data);
    if let Some(method) = method_path(&path) {
        assert!(path.strip_prefix('/') == Some(method) && method.split('/').count() == 2, "{path:?}");
    }
}
