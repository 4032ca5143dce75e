//! What is generated from `proto/testing.proto`.

#![allow(missing_docs, unreachable_pub, reason = "generated code")]

tonic::include_proto!("grpc.testing");
