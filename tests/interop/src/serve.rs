//! The server: the edges of HTTP at one port, the cases of gRPC at another.

use std::io;

use tonic::{
    service::Routes,
    transport::{Server, server::TcpIncoming},
};
use tower::ServiceBuilder;
use tower_telemetry::{RequestBodyLayer, Telemetry};

use crate::{
    grpc::Cases, http, layers::Layers, listen, metadata::MetadataLayer,
    proto::test_service_server::TestServiceServer,
};

/// Opens both ports, and says where they are.
///
/// # Errors
/// When there is no free port.
pub(crate) async fn open(layers: Layers, telemetry: &Telemetry) -> io::Result<()> {
    http(layers, telemetry).await?;
    grpc(layers, telemetry).await
}

async fn http(layers: Layers, telemetry: &Telemetry) -> io::Result<()> {
    let (listener, address) = listen::free().await?;
    let app = http::app();
    match layers {
        Layers::Bare => listen::serve(listener, app),
        Layers::Inside => listen::serve(listener, app.layer(telemetry.axum_server())),
        Layers::Around => {
            // Inside of the windows: they are asked first.
            let app = app.layer(RequestBodyLayer::new());
            listen::serve(listener, telemetry.around(app));
        }
    }
    println!("http {address}");
    Ok(())
}

async fn grpc(layers: Layers, telemetry: &Telemetry) -> io::Result<()> {
    let (listener, address) = listen::free().await?;
    let cases = TestServiceServer::new(Cases);
    match layers {
        Layers::Bare => {
            let mut server = Server::builder().layer(MetadataLayer);
            tokio::spawn(server.add_service(cases).serve_with_incoming(TcpIncoming::from(listener)));
        }
        Layers::Inside => {
            let mut server = Server::builder().layer(telemetry.grpc_server()).layer(MetadataLayer);
            tokio::spawn(server.add_service(cases).serve_with_incoming(TcpIncoming::from(listener)));
        }
        Layers::Around => {
            let around = ServiceBuilder::new()
                .layer(telemetry.grpc_server())
                .layer(RequestBodyLayer::new())
                .layer(MetadataLayer)
                .service(Routes::new(cases).prepare());
            listen::serve(listener, around);
        }
    }
    println!("grpc {address}");
    Ok(())
}
