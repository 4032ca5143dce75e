//! What the access line says of the only exchange.

use tower_telemetry_tests::{Rig, of_line, sentence};

/// `route status grpc-status error.type ending verdict` of the only exchange of this side.
pub(crate) fn told(rig: &Rig, side: &str) -> String {
    sentence(&of_line(&rig.line_of(side)))
}

/// Waits for the end of the only exchange of a server, and gives what is told of it.
pub(crate) async fn server_told(rig: &Rig) -> String {
    rig.until_ended("server", 1).await;
    told(rig, "server")
}
