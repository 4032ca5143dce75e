//! Who makes a new id.

use std::fmt;
use std::sync::Arc;

use http::request;
use tower_telemetry_core::{Exchange, RequestId};

use crate::v7;

/// Who makes a new id.
#[derive(Clone, Default)]
pub(crate) enum Maker {
    /// This crate.
    #[default]
    Version7,
    /// The program, and this crate where it makes none.
    Own(Arc<Make>),
}

type Make = dyn Fn(&request::Parts) -> Option<RequestId> + Send + Sync;

impl Maker {
    pub(crate) fn own(make: impl Fn(&request::Parts) -> Option<RequestId> + Send + Sync + 'static) -> Self {
        Self::Own(Arc::new(make))
    }

    /// A new id for this exchange, if nobody has told it one.
    pub(crate) fn make_first(&self, exchange: &Exchange, head: &request::Parts) {
        if exchange.request_id().is_some() {
            return;
        }
        match self {
            Self::Version7 => exchange.set_request_uuid(v7::of_arrival(exchange)),
            Self::Own(_) => exchange.set_request_id(self.make(exchange, head)),
        }
    }

    /// A new id for this exchange, whose request has this head.
    pub(crate) fn make(&self, exchange: &Exchange, head: &request::Parts) -> RequestId {
        match self {
            Self::Version7 => RequestId::of_uuid(v7::of_arrival(exchange)),
            Self::Own(make) => make(head).unwrap_or_else(|| RequestId::of_uuid(v7::of_arrival(exchange))),
        }
    }
}

impl fmt::Debug for Maker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Version7 => "Version7",
            Self::Own(_) => "Own(..)",
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may stop at the first surprise")]
mod tests {
    use std::convert::Infallible;

    use http::{Request, Response};
    use tower_layer::Layer;
    use tower_telemetry_core::{SignalExt, current};
    use tower_telemetry_testing::{call, run};

    use super::*;

    /// What this maker makes of an exchange.
    fn made(maker: &Maker) -> String {
        let maker = maker.clone();
        let handler = tower::service_fn(move |request: Request<()>| {
            let id = maker.make(&current().unwrap(), &request.into_parts().0);
            async move {
                Ok::<_, Infallible>(
                    Response::builder().header("made", id.header_value()).body(String::new()).unwrap(),
                )
            }
        });
        let response = run(call(&mut ().server().layer(handler), Request::new(()))).unwrap().unwrap();
        response.headers()["made"].to_str().unwrap().to_owned()
    }

    #[test]
    fn a_program_makes_ids_of_its_own_and_gets_one_where_it_makes_none() {
        assert_eq!(made(&Maker::own(|_| RequestId::new("shop-1"))), "shop-1");
        assert_eq!(made(&Maker::own(|_| None)).len(), 36);
        assert_eq!(made(&Maker::default()).len(), 36);
    }
}
