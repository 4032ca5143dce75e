//! Every way in which an exchange can end, from one table: told once, the same to every window, with the exchange current.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

mod again;
mod arrangement;
mod attempts;
mod by_hand;
mod callers;
mod carry;
mod classify;
mod compose;
mod current;
mod door;
mod endings;
mod fates;
mod grpc_rows;
mod grpc_web_rows;
mod handled;
mod handler;
mod http_cut_rows;
mod http_rows;
mod join;
mod pieces;
mod ready;
mod row;
mod session;
mod settle;
mod skip;
mod traffic;
mod watch;
mod wrapper;
