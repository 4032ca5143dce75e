//! A JSON layer beside which nobody listens: an access line reaches it without an event.

use std::fmt;
use std::io::Write as _;
use std::sync::atomic::{AtomicBool, Ordering};

use tracing::{Dispatch, Subscriber, dispatcher};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::{Filter, SubscriberExt};
use tracing_subscriber::{Layer, Registry};

use crate::access::line::AccessLine;
use crate::access::site::Site;
use crate::access::whole;
use crate::format::{LineFormat, SourceLocation};
use crate::layer::JsonLayer;
use crate::scratch;

/// Whether there is any.
static STANDS: AtomicBool = AtomicBool::new(false);

/// Stands in a subscriber whose only listener it knows. It does nothing there but to be found, by its type.
struct SoleListener(Box<dyn Listen>);

impl<S: Subscriber> Layer<S> for SoleListener {}

/// Takes access lines.
trait Listen: Send + Sync {
    /// Whether it took the line. If not, the line wants its event.
    fn take(&self, site: &'static Site, line: &AccessLine<'_>) -> bool;
}

/// Whether the line is told already: by the only listener of the thread's subscriber, if there is but one.
///
/// Only outside any span, whose fields would stand on the line too, and which a filter may go by.
#[inline]
pub(super) fn tell(site: &'static Site, line: &AccessLine<'_>) -> bool {
    if !STANDS.load(Ordering::Relaxed) {
        return false;
    }
    // From here on as an event goes about it.
    let interest = site.interest();
    !interest.is_never()
        && dispatcher::get_default(|subscriber| {
            let Some(SoleListener(listener)) = subscriber.downcast_ref() else { return false };
            let is_wanted = interest.is_always() || subscriber.enabled(site.metadata);
            is_wanted && subscriber.current_span().id().is_none() && listener.take(site, line)
        })
}

impl<W> JsonLayer<W>
where
    W: for<'a> MakeWriter<'a> + Clone + Send + Sync + 'static,
{
    /// A subscriber of this layer behind a filter, with nobody else to listen.
    ///
    /// It writes the lines that `registry().with(filter).with(layer)` writes. But no other layer can be added to it, and
    /// so an access line outside any span is written without an event, for half of the cost. (`tracing`'s feature
    /// `log-always`, which copies events to the `log` crate, finds none to copy then.)
    ///
    /// A filter is what may filter for one layer as well as for all: `EnvFilter`,
    /// [`Targets`](tracing_subscriber::filter::Targets), [`LevelFilter`](tracing_subscriber::filter::LevelFilter). It goes
    /// by metadata and spans: an access line shows it no event.
    ///
    /// ```
    /// use tower_telemetry_log::JsonLayer;
    /// use tracing_subscriber::filter::LevelFilter;
    ///
    /// let subscriber = JsonLayer::new(std::io::stdout as fn() -> std::io::Stdout).alone_behind(LevelFilter::INFO);
    /// # tracing::dispatcher::with_default(&subscriber, || tracing::info!(order = 7, "accepted"));
    /// // tracing::dispatcher::set_global_default(subscriber)?;
    /// ```
    #[must_use]
    pub fn alone_behind<F>(self, filter: F) -> Dispatch
    where
        F: Filter<Registry> + Layer<Registry> + Send + Sync,
    {
        let is_plain = self.style.format == LineFormat::Json
            && self.style.location == SourceLocation::Omitted
            && self.sink.is_absent();
        let listener = is_plain.then(|| SoleListener(Box::new(self.clone())));
        STANDS.fetch_or(is_plain, Ordering::Relaxed);
        Dispatch::new(Registry::default().with(filter).with(self).with(listener))
    }
}

impl<W> Listen for JsonLayer<W>
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    fn take(&self, site: &'static Site, line: &AccessLine<'_>) -> bool {
        let told = scratch::with(|scratch| {
            let is_written = whole::compose(scratch, &self.style, self.active_span, site, line);
            is_written
                .then(|| self.make_writer.make_writer_for(site.metadata).write_all(&scratch.line).is_ok())
        });
        match told {
            Some(None) => return false,
            Some(Some(true)) => {}
            // The writer failed; or lines are nested too deeply, as no event would be told.
            Some(Some(false)) | None => self.lost.add(1),
        }
        true
    }
}

impl fmt::Debug for SoleListener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SoleListener")
    }
}
