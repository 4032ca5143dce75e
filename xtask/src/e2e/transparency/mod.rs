//! What clients that others wrote see of a server, with and without the layers.
//!
//! `tests/interop` runs bare, with the layers where the frameworks put them, and with the layers around everything. Each
//! client writes what it sees, a line or more for each case; what it wrote has to be the same, but for the fields that
//! the windows add. The cases of gRPC and of WebSockets have to pass, too; those at the edges of HTTP have no judge but
//! the bare server.

mod client;
mod difference;
mod server;

use self::{
    client::{Client, Far},
    difference::same,
    server::Server,
};
use crate::{Result, process};

/// How a server stands: the first is what the others are compared with.
const LAYERS: [&str; 3] = ["bare", "inside", "around"];

/// A busy machine may let a deadline or a reset win a race once. What the layers change is seen each time.
const LOOKS: usize = 3;

/// Compares what every client sees.
///
/// # Errors
///
/// A program is missing, a case of gRPC or of a WebSocket fails, or a client sees a difference: the first is told.
pub(crate) fn run() -> Result {
    let clients = client::all()?;
    let binary = process::executable(&["--package", "interop"])?;
    for client in &clients {
        let [bare, layered @ ..] = LAYERS;
        let expected = seen(client, &binary, bare)?;
        for layers in layered {
            let mut compared = same(&expected, &seen(client, &binary, layers)?);
            for _ in 1..LOOKS {
                if compared.is_err() {
                    compared = same(&seen(client, &binary, bare)?, &seen(client, &binary, layers)?);
                }
            }
            compared.map_err(|difference| format!("{} with layers {layers}: {difference}", client.name))?;
        }
        println!("{}: the same in {} lines, bare and with layers", client.name, expected.lines().count());
    }
    Ok(())
}

fn seen(client: &Client, binary: &str, layers: &str) -> Result<String> {
    let layers = format!("--layers={layers}");
    if client.far == Far::Ours {
        let server = Server::start(binary, &["serve", &layers])?;
        return client.run(&server);
    }
    // Neither end is ours: only the relay between them is.
    let far = Server::start(client::go_program(), &["server"])?;
    let relay = Server::start(binary, &["relay", &far.address("grpc")?, &layers])?;
    client.run(&relay)
}
