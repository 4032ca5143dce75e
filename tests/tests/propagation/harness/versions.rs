//! The version of `traceparent`.

use crate::harness::{PARENT, TRACE, Trace, check};

fn of(version: &str, end: &str) -> String {
    format!("{version}-{TRACE}-{PARENT}-01{end}")
}

#[tokio::test]
async fn traceparent_version_0x00() {
    check(&of("00", "."), Trace::New).await;
    check(&of("00", "-what-the-future-will-be-like"), Trace::New).await;
}

#[tokio::test]
async fn traceparent_version_0xcc() {
    check(&of("cc", ""), Trace::Kept).await;
    check(&of("cc", "-what-the-future-will-be-like"), Trace::Kept).await;
    check(&of("cc", ".what-the-future-will-be-like"), Trace::New).await;
}

#[tokio::test]
async fn traceparent_version_0xff() {
    check(&of("ff", ""), Trace::New).await;
}

#[tokio::test]
async fn traceparent_version_illegal_characters() {
    check(&of(".0", ""), Trace::New).await;
    check(&of("0.", ""), Trace::New).await;
}

#[tokio::test]
async fn traceparent_version_too_long() {
    check(&of("000", ""), Trace::New).await;
    check(&of("0000", ""), Trace::New).await;
}

#[tokio::test]
async fn traceparent_version_too_short() {
    check(&of("0", ""), Trace::New).await;
}
