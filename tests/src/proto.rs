//! The generated side of `proto/compose.proto`.
#![allow(missing_docs, unreachable_pub, clippy::all, reason = "generated code")]

tonic::include_proto!("compose.v1");

/// The compiled proto file, which declares the names of the gRPC methods.
pub const FILE_DESCRIPTOR_SET: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/compose.bin"));
