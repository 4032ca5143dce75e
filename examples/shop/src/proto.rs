//! The generated side of `proto/`.
#![allow(unreachable_pub, clippy::all, reason = "generated code")]

tonic::include_proto!("shop.v1");

/// The compiled proto files, from which a telemetry layer may read the names of the gRPC methods.
pub(crate) const FILE_DESCRIPTOR_SET: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/shop.bin"));
