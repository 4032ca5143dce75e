//! Which formats are read and written, and for whom.

use std::sync::Arc;

use http::{HeaderMap, request};
use opentelemetry::Context;
use tower_telemetry_core::names::OTHER;
use tower_telemetry_core::names::header::{BAGGAGE, TRACEPARENT, TRACESTATE};
use tower_telemetry_core::{Baggage, Exchange, TraceIds, TraceState, Trust};

use crate::propagation::caller::Caller;
use crate::propagation::carried::{baggage_of, state_of, wish_of};
use crate::propagation::destinations::Destinations;
use crate::propagation::format::{Format, UnknownFormat};
use crate::propagation::inherited::Inherited;
use crate::propagation::quiet::Names;
use crate::propagation::refusals::{Refusals, Tally};
use crate::propagation::told::{Malformed, Told, Wish};
use crate::propagation::{b3, jaeger, root_id};

/// How context comes in with a request, and goes out with the next: W3C trace context and baggage by default.
///
/// All formats are read strictly: what is malformed is ignored and counted. Of several that a request holds, the first
/// of the list that is well formed is taken. All of the list are written, in place of any that stand there.
///
/// ```
/// use tower_telemetry_trace::{Destinations, Propagation};
///
/// let propagation = Propagation::of_names("tracecontext,baggage,b3")?
///     .with_destinations(Destinations::hosts(["*.internal"]))
///     .with_baggage_keys(["tenant", "tier"]);
/// # let _ = propagation;
/// # Ok::<(), tower_telemetry_trace::UnknownFormat>(())
/// ```
#[derive(Debug, Clone)]
pub struct Propagation {
    chosen: Arc<Chosen>,
}

#[derive(Debug, Clone)]
struct Chosen {
    formats: Vec<Format>,
    names: Names,
    destinations: Destinations,
    /// `None` sends all.
    baggage_keys: Option<Vec<String>>,
    tally: Arc<Tally>,
}

impl Propagation {
    /// Reads and writes these formats, for everybody.
    pub fn new(formats: impl IntoIterator<Item = Format>) -> Self {
        let formats: Vec<Format> = formats.into_iter().collect();
        Self {
            chosen: Arc::new(Chosen {
                names: Names::of(&formats),
                formats,
                destinations: Destinations::all(),
                baggage_keys: None,
                tally: Arc::default(),
            }),
        }
    }

    /// Reads and writes the formats of this list, as `OTEL_PROPAGATORS` has it; see [`Format::parse`].
    ///
    /// # Errors
    ///
    /// A name is unknown.
    pub fn of_names(list: &str) -> Result<Self, UnknownFormat> {
        Format::parse(list).map(Self::new)
    }

    /// Reads and writes these formats in place of those so far.
    #[must_use]
    pub fn with_formats(mut self, formats: impl IntoIterator<Item = Format>) -> Self {
        let chosen = Arc::make_mut(&mut self.chosen);
        chosen.formats = formats.into_iter().collect();
        chosen.names = Names::of(&chosen.formats);
        self
    }

    /// Tells context and baggage to these servers alone.
    #[must_use]
    pub fn with_destinations(mut self, destinations: Destinations) -> Self {
        Arc::make_mut(&mut self.chosen).destinations = destinations;
        self
    }

    /// Sends on the members of baggage that have these keys alone.
    #[must_use]
    pub fn with_baggage_keys(mut self, keys: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Arc::make_mut(&mut self.chosen).baggage_keys = Some(keys.into_iter().map(Into::into).collect());
        self
    }

    /// The formats, in the order of preference.
    #[must_use]
    pub fn formats(&self) -> &[Format] {
        &self.chosen.formats
    }

    /// What was refused by this value and its clones.
    #[must_use]
    pub fn refusals(&self) -> Refusals {
        self.chosen.tally.read()
    }

    /// Whether these headers certainly tell nothing of a caller.
    pub(crate) fn is_absent_from(&self, headers: &HeaderMap) -> bool {
        self.chosen.names.are_absent_from(headers)
    }

    /// What a server's span is made under: the caller's context, as far as the caller is believed, else that of this
    /// thread.
    pub(crate) fn inherit(&self, trust: Trust, headers: &HeaderMap, current: Context) -> Inherited {
        match trust {
            Trust::Parent => {
                let caller = self.read(headers);
                let (remote, wish) = (caller.span_context(), caller.wish);
                let told = caller.ids.map(|ids| ids.trace_id);
                let root = root_id::of(headers, told, &self.chosen.tally);
                Inherited { remote, root, wish, ..Inherited::local(caller.tell(current)) }
            }
            // A stranger's request that came with nothing is a root all the same.
            Trust::Link => Inherited {
                link: self.read_trace(headers).span_context(),
                ..Inherited::local(Context::new())
            },
            Trust::Never => Inherited::local(Context::new()),
        }
    }

    /// Writes the context of this span into a request, in place of any that stands there; nothing, and it is removed,
    /// where its server is not to know.
    #[inline(never)]
    pub(crate) fn inject(
        &self,
        exchange: &Exchange,
        ids: &TraceIds,
        context: &Context,
        head: &mut request::Parts,
    ) {
        if self.may_tell(exchange, head) {
            self.write(Some(ids), context, &mut head.headers);
        } else {
            self.clear(&mut head.headers);
        }
    }

    /// What the headers tell; what is malformed is counted and ignored.
    pub(crate) fn read(&self, headers: &HeaderMap) -> Caller {
        Caller { baggage: self.read_baggage(headers), ..self.read_trace(headers) }
    }

    /// Writes the ids, if there are any, and the baggage of this context.
    pub(crate) fn write(&self, ids: Option<&TraceIds>, context: &Context, headers: &mut HeaderMap) {
        if ids.is_some() && self.formats().iter().any(|format| matches!(format, Format::B3 | Format::B3Multi))
        {
            // Either form is read: none of a caller's may stay.
            b3::clear(headers);
        }
        for format in self.formats() {
            match (format, ids) {
                (Format::TraceContext, Some(ids)) => {
                    headers.insert(TRACEPARENT, ids.to_header_value());
                    match state_of(context).to_header_value() {
                        Some(state) => headers.insert(TRACESTATE, state),
                        None => headers.remove(TRACESTATE),
                    };
                }
                (Format::B3, Some(ids)) => b3::write_single(ids, wish_of(context), headers),
                (Format::B3Multi, Some(ids)) => b3::write_several(ids, wish_of(context), headers),
                (Format::Jaeger, Some(ids)) => jaeger::write(ids, wish_of(context), headers),
                (Format::Baggage, _) => self.write_baggage(context, headers),
                (_, None) => {}
            }
        }
    }

    fn read_trace(&self, headers: &HeaderMap) -> Caller {
        let mut is_b3_read = false;
        for &format in self.formats() {
            let told = match format {
                Format::TraceContext => TraceIds::from_headers(headers)
                    .map(|ids| ids.map(|ids| Told { ids: Some(ids), wish: Wish::Flag }))
                    .map_err(|_| Malformed),
                // Both read either form.
                Format::B3 | Format::B3Multi if is_b3_read => continue,
                Format::B3 | Format::B3Multi => {
                    is_b3_read = true;
                    b3::read(headers)
                }
                Format::Jaeger => jaeger::read(headers),
                Format::Baggage => continue,
            };
            match told {
                Ok(Some(Told { ids, wish })) => {
                    let state = if format == Format::TraceContext { self.read_state(headers) } else { None };
                    return Caller {
                        ids,
                        wish,
                        state: state.unwrap_or_default(),
                        baggage: Baggage::default(),
                    };
                }
                Ok(None) => {}
                Err(Malformed) => self.chosen.tally.context(),
            }
        }
        Caller::default()
    }

    fn read_state(&self, headers: &HeaderMap) -> Option<TraceState> {
        TraceState::from_headers(headers).map_err(|_malformed| self.chosen.tally.state()).ok()
    }

    fn read_baggage(&self, headers: &HeaderMap) -> Baggage {
        if !self.formats().contains(&Format::Baggage) {
            return Baggage::default();
        }
        let (mut baggage, refused) = Baggage::from_headers(headers);
        self.chosen.tally.members(refused);
        if self.formats().contains(&Format::Jaeger) {
            let (with_jaegers, refused) = jaeger::read_baggage(headers, baggage);
            self.chosen.tally.members(refused);
            baggage = with_jaegers;
        }
        baggage
    }

    fn write_baggage(&self, context: &Context, headers: &mut HeaderMap) {
        let mut baggage = baggage_of(context);
        if let Some(keys) = &self.chosen.baggage_keys {
            baggage = baggage.only(|key| keys.iter().any(|allowed| allowed == key));
        }
        match baggage.to_header_value() {
            Some(value) => headers.insert(BAGGAGE, value),
            None => headers.remove(BAGGAGE),
        };
        if self.formats().contains(&Format::Jaeger) {
            jaeger::clear_baggage(headers);
            jaeger::write_baggage(&baggage, headers);
        }
    }

    /// Removes what the chosen formats would write.
    fn clear(&self, headers: &mut HeaderMap) {
        for format in self.formats() {
            match format {
                Format::TraceContext => {
                    headers.remove(TRACEPARENT);
                    headers.remove(TRACESTATE);
                }
                Format::Baggage => {
                    headers.remove(BAGGAGE);
                }
                Format::B3 | Format::B3Multi => b3::clear(headers),
                Format::Jaeger => jaeger::clear(headers),
            }
        }
    }

    fn may_tell(&self, exchange: &Exchange, head: &request::Parts) -> bool {
        let destinations = &self.chosen.destinations;
        if destinations.allow_unknown() {
            return true;
        }
        // A server that was told by name is where the request goes, whatever its URI says. The many are one on the card.
        let told = exchange.server.map(|server| server.host).filter(|host| *host != OTHER);
        let host = told.or_else(|| head.uri.host().map(|host| host.trim_matches(['[', ']'])));
        host.is_some_and(|host| destinations.allow(host))
    }
}

impl Default for Propagation {
    fn default() -> Self {
        Self::new([Format::TraceContext, Format::Baggage])
    }
}
