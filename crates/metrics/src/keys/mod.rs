//! The labels of the window's own metrics.

mod classic;
mod semconv;

pub(crate) use self::classic::{ClassicGrpc, ClassicHttp};
pub(crate) use self::semconv::{
    ActiveClient, ActiveServer, Capacity, Ended, HttpClient, HttpServer, Method, Routed, Rpc, Started,
};
