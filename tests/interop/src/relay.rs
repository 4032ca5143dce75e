//! The relay: each call goes on to another server as it is, and so does its answer.

use std::{io, net::SocketAddr};

use http::{
    Request, Uri,
    uri::{Authority, PathAndQuery, Scheme},
};
use hyper::body::Incoming;
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use tower::{Layer, ServiceExt};
use tower_telemetry::{RequestBodyLayer, Telemetry};

use crate::{layers::Layers, listen};

/// Opens a port, and says where it is.
///
/// # Errors
/// When there is no free port.
pub(crate) async fn open(to: SocketAddr, layers: Layers, telemetry: &Telemetry) -> io::Result<()> {
    let (listener, address) = listen::free().await?;
    let to = Authority::try_from(to.to_string()).map_err(io::Error::other)?;
    let redirected = move |mut request: Request<Incoming>| {
        let path = request.uri().path_and_query().cloned().unwrap_or(PathAndQuery::from_static("/"));
        *request.uri_mut() = uri(to.clone(), path);
        request
    };
    match layers {
        Layers::Bare => listen::serve(listener, client().map_request(redirected)),
        Layers::Inside => {
            listen::serve(listener, telemetry.http_client().layer(client()).map_request(redirected));
        }
        Layers::Around => {
            let client = telemetry.http_client().layer(RequestBodyLayer::new().layer(client()));
            listen::serve(listener, client.map_request(redirected));
        }
    }
    println!("grpc {address}");
    Ok(())
}

fn client<B>() -> Client<HttpConnector, B>
where
    B: http_body::Body + Send,
    B::Data: Send,
{
    Client::builder(TokioExecutor::new()).http2_only(true).build_http()
}

fn uri(authority: Authority, path: PathAndQuery) -> Uri {
    let mut parts = http::uri::Parts::default();
    parts.scheme = Some(Scheme::HTTP);
    parts.authority = Some(authority);
    parts.path_and_query = Some(path);
    // All three parts are there, so this is a URI.
    Uri::from_parts(parts).unwrap_or_default()
}
