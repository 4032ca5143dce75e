//! tonic: the method that a generated client calls, the errors of a channel, the peer and the name of a service.

use std::any::Any;
use std::error::Error;
use std::net::SocketAddr;

use ::tonic::transport::server::TcpConnectInfo;
use http::{Extensions, Uri};

use crate::intern::Interner;
use crate::observe::Observe;
use crate::route::Route;

/// Generated code is the program's own: the bound is a guard, not a limit that an application meets.
static CALLED: Interner = Interner::new(16_384);

/// The method that generated code calls: its path is then the program's own text.
#[inline(never)]
pub(crate) fn called_method(extensions: &Extensions, uri: &Uri) -> Option<Route> {
    extensions.get::<tonic::GrpcMethod<'static>>()?;
    CALLED.intern(crate::grpc::method_path(uri.path())?).map(Route::rpc)
}

/// tonic's channel puts any error into this one.
pub(crate) fn error(any: &dyn Any) -> Option<&(dyn Error + 'static)> {
    any.downcast_ref::<::tonic::transport::Error>().map(|error| error as _)
}

/// The peer of a server over TCP; with TLS, tonic tells it beside what it tells of the certificates.
pub(crate) fn peer(extensions: &Extensions) -> Option<SocketAddr> {
    extensions.get::<TcpConnectInfo>()?.remote_addr()
}

/// An observed gRPC service is still the service of its name, for `add_service`.
impl<I: ::tonic::server::NamedService, S, M> ::tonic::server::NamedService for Observe<I, S, M> {
    const NAME: &'static str = I::NAME;
}
