//! The peers, at their newest.

mod access;
mod emit;
mod globals;
mod grpc;
mod http;
mod http_client;
mod log;

pub(crate) use self::{
    grpc::all as grpc, http::all as http, http_client::all as http_client, log::all as log,
};
