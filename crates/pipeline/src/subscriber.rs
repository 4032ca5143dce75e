//! The subscriber of `tracing` that a set-up makes.

use tracing::Dispatch;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::{EnvFilter, Registry};

use crate::error::InitError;
use crate::log_records;
use crate::otlp_logs::OtlpLogLayer;
use crate::settings::Environment;
use crate::telemetry::LogLayer;

/// Which lines are written where nothing is said.
const DEFAULT: &str = "info";

/// A subscriber that writes log lines through this layer, and exports them: those of `RUST_LOG`, else
/// those of the code's own directives.
pub(crate) fn make(
    environment: Environment,
    code: Option<String>,
    layer: LogLayer,
    export: Option<OtlpLogLayer>,
) -> Result<Dispatch, InitError> {
    let directives = environment.get("RUST_LOG").or(code).unwrap_or_else(|| DEFAULT.to_owned());
    let filter = EnvFilter::try_new(&directives)
        .map_err(|source| InitError::LogFilter { directives, source: Box::new(source) })?;
    Ok(match export {
        // Known to be all: access lines need no event.
        None => layer.alone_behind(filter),
        Some(export) => Dispatch::new(Registry::default().with(filter).with(layer).with(export)),
    })
}

/// Makes it everybody's.
pub(crate) fn install(subscriber: Dispatch) -> Result<(), InitError> {
    tracing::dispatcher::set_global_default(subscriber).map_err(|_| InitError::Subscriber)?;
    log_records::bridge();
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise")]
mod tests {
    use std::convert::Infallible;
    use std::io;
    use std::pin::pin;
    use std::sync::{Arc, Mutex};
    use std::task::{Context, Poll, Waker};

    use http::{Request, Response};
    use http_body_util::Empty;
    use tower::{Layer, ServiceExt, service_fn};
    use tower_telemetry_core::SignalExt;
    use tower_telemetry_log::LogContext;
    use tracing::{Metadata, dispatcher, info_span};
    use tracing_subscriber::fmt::MakeWriter;

    use super::*;
    use crate::log_writer::LogWriter;

    /// How each line of a kind came: the metadata that its writer was made for.
    #[derive(Clone, Debug, Default)]
    struct Told(Arc<Mutex<Vec<&'static str>>>);

    impl<'a> MakeWriter<'a> for Told {
        type Writer = io::Sink;

        fn make_writer(&'a self) -> io::Sink {
            panic!("a writer is made for an event")
        }

        fn make_writer_for(&'a self, metadata: &Metadata<'_>) -> io::Sink {
            let way = if metadata.name().starts_with("access line") { "straight" } else { "by an event" };
            self.0.lock().unwrap().push(way);
            io::sink()
        }
    }

    impl Told {
        /// The ways of the lines of an exchange within a span, of one within none, and of one that went wrong.
        fn by(&self, subscriber: &Dispatch) -> [Vec<&'static str>; 3] {
            dispatcher::with_default(subscriber, || {
                let lines = || std::mem::take(&mut *self.0.lock().unwrap());
                let span = info_span!("around", tenant = "acme");
                span.in_scope(|| exchange(200));
                let within = lines();
                exchange(200);
                let without = lines();
                exchange(500);
                [within, without, lines()]
            })
        }
    }

    fn exchange(status: u16) {
        let service = LogContext::new().server().layer(service_fn(move |_: Request<()>| async move {
            Ok::<_, Infallible>(Response::builder().status(status).body(Empty::<&[u8]>::new()).unwrap())
        }));
        let call = pin!(service.oneshot(Request::new(())));
        assert!(matches!(call.poll(&mut Context::from_waker(Waker::noop())), Poll::Ready(Ok(_))));
    }

    fn layer(told: &Told) -> LogLayer {
        LogLayer::new(LogWriter::new(told.clone()))
    }

    fn made(directives: &str, told: &Told) -> Dispatch {
        make(Environment::of(|_| None), Some(directives.to_owned()), layer(told), None).unwrap()
    }

    #[test]
    fn access_lines_outside_spans_need_no_event() {
        let told = Told::default();
        let [within, without, wrong] = told.by(&made("info,tower_telemetry::access=debug", &told));
        assert_eq!((within, without), (vec!["by an event"], vec!["straight"]));
        assert_eq!(wrong, ["straight"]);
    }

    #[test]
    fn every_filter_lets_through_what_it_does_of_events() {
        for directives in [
            "info",
            "off",
            "warn",
            "error",
            "trace",
            "info,tower_telemetry::access=warn",
            "warn,tower_telemetry::access=info",
            "tower_telemetry=info",
            "info,tower_telemetry::access=off",
            "off,[around]=info",
            "info,[around]=off",
            "warn,[{tenant=acme}]=info",
            "warn,[{tenant=other}]=info",
            "off,[{duration_ms}]=info",
            "info,[{duration_ms}]=off",
            "info,[{verdict=ok}]=warn",
            "off,[{no_such_field}]=info",
        ] {
            let told = Told::default();
            let alone = told.by(&made(directives, &told));
            let filter = EnvFilter::try_new(directives).unwrap();
            let by_hand = told.by(&Dispatch::new(Registry::default().with(filter).with(layer(&told))));
            assert_eq!(alone.each_ref().map(Vec::len), by_hand.each_ref().map(Vec::len), "{directives}");
            assert!(by_hand.iter().flatten().all(|way| *way == "by an event"), "{directives}");
        }
    }
}
