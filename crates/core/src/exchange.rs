//! The card of one exchange: what is known at its arrival, and slots for what is learnt later.

use std::any::Any;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use http::Version;
use http::uri::PathAndQuery;

use crate::authority::Authority;
use crate::cache_status::CacheStatus;
use crate::classify::Classify;
use crate::moment::Moment;
use crate::names;
use crate::notes::{Label, Notes, Value};
use crate::outcome::Outcome;
use crate::protocol::{Protocol, Scheme};
use crate::request_id::RequestId;
use crate::route::Route;
use crate::rpc_methods::RpcMethods;
use crate::session::Sessions;
use crate::side::Side;
use crate::trace_ids::{TraceCell, TraceFlags, TraceIds};
use crate::traffic::Traffic;
use crate::window::Window;
use crate::work::Work;

/// One request and its response, from its arrival to its true end.
///
/// The facts of the arrival do not change. The slots are each written once, by the one who knows:
/// the router its route, the trace window the ids, the request-id window the request id.
#[derive(Debug)]
pub struct Exchange {
    /// Which end is watching.
    pub side: Side,
    /// What the status means and where it stands.
    pub protocol: Protocol,
    /// A known HTTP method, or `_OTHER`: a wire string never becomes a label.
    pub method: &'static str,
    /// The scheme of the request target.
    pub scheme: Scheme,
    /// The HTTP version of the request. A client's need not be that on the wire, which
    /// [`Outcome::version`] tells.
    pub version: Version,
    /// The server that a client speaks to; `None` on the server side.
    pub server: Option<Authority>,
    /// Which attempt this is of a request that a layer in between sends again: 0 for the first.
    pub resend: u32,
    /// Bytes of request body, as its `content-length` announces them; a stream announces none.
    pub request_size: Option<u64>,
    /// How long the service was waited for before it was ready to take the request, if it was.
    pub waited: Option<Duration>,
    /// The exchange that a client's call is made in.
    pub(crate) caller: Option<Arc<Self>>,
    /// The work that a client's call is made in, where that is no exchange.
    pub(crate) work: Option<Arc<Work>>,
    /// Whether the response to this request has no body whatever its head says (HEAD).
    pub(crate) bodiless: bool,
    /// Whether success turns the connection into a tunnel (CONNECT).
    pub(crate) connect: bool,
    pub(crate) started: Moment,
    pub(crate) classify: Option<Arc<dyn Classify>>,
    pub(crate) unlisted: Option<Box<Unlisted>>,
    pub(crate) windows: AtomicU32,
    attempts: AtomicU32,
    /// The route, where the door knew it: most do, and a cell that is written once has its price.
    pub(crate) door_route: Option<Route>,
    route: OnceLock<Route>,
    trace: TraceCell,
    kept: AtomicU8,
    wanted: AtomicBool,
    attachment: OnceLock<Box<dyn Any + Send + Sync>>,
    pub(crate) request_id: OnceLock<RequestId>,
    failure: OnceLock<&'static str>,
    /// In nanoseconds; [`NOT_YET`] before there is a head.
    head: AtomicU64,
    /// The place of the [`CacheStatus`] that callees told; 0 where none did.
    callees_cache: AtomicU8,
    // A lock that nobody contends for costs a fifth of a cell that is written once.
    outcome: Mutex<Option<Outcome>>,
    pub(crate) traffic: Traffic,
    /// Made with the first note or session: most exchanges have none, and every log line asks.
    rare: OnceLock<Box<Rare>>,
}

/// What few exchanges have.
#[derive(Debug, Default)]
pub(crate) struct Rare {
    notes: Mutex<Notes>,
    pub(crate) sessions: Sessions,
}

/// Whether the trace is kept, as far as that was told: a word that is exchanged once.
mod kept {
    pub(super) const UNTOLD: u8 = 0;
    pub(super) const NO: u8 = 1;
    pub(super) const YES: u8 = 2;
}

/// No head takes as long.
const NOT_YET: u64 = u64::MAX;

/// The path of a gRPC method that is not known yet, with the table that may learn it.
#[derive(Debug)]
pub(crate) struct Unlisted {
    pub(crate) path: PathAndQuery,
    pub(crate) methods: Arc<RpcMethods>,
}

impl Exchange {
    /// An exchange of which nothing but its start is known, for the door to fill in.
    ///
    /// It is made in its place: `Arc::new` would build it elsewhere first, and copy the whole of it.
    pub(crate) fn blank(side: Side, started: Moment) -> Arc<Self> {
        Arc::new_cyclic(move |_| Self {
            side,
            protocol: Protocol::Http,
            method: names::OTHER,
            scheme: Scheme::Http,
            version: Version::HTTP_11,
            server: None,
            request_size: None,
            waited: None,
            caller: None,
            work: None,
            resend: 0,
            bodiless: false,
            connect: false,
            started,
            classify: None,
            unlisted: None,
            windows: AtomicU32::new(0),
            attempts: AtomicU32::new(0),
            door_route: None,
            route: OnceLock::new(),
            trace: TraceCell::new(),
            kept: AtomicU8::new(kept::UNTOLD),
            wanted: AtomicBool::new(false),
            attachment: OnceLock::new(),
            request_id: OnceLock::new(),
            failure: OnceLock::new(),
            head: AtomicU64::new(NOT_YET),
            callees_cache: AtomicU8::new(0),
            // As a constant: a value would be built elsewhere and copied, with the room that it leaves empty.
            outcome: const { Mutex::new(None) },
            traffic: Traffic::new(),
            rare: OnceLock::new(),
        })
    }

    /// The exchange that this call was made in; `None` on the server side.
    #[must_use]
    pub fn caller(&self) -> Option<&Arc<Self>> {
        self.caller.as_ref()
    }

    /// The work that this call is made in, where that is no exchange; `None` on the server side.
    #[must_use]
    pub fn work(&self) -> Option<&Arc<Work>> {
        self.work.as_ref()
    }

    /// The route, as far as it is known by now; a router deeper in may still tell it.
    #[must_use]
    pub fn route(&self) -> Route {
        self.known_route().unwrap_or(Route::UNMATCHED)
    }

    /// Tells the route; the first to tell is heard.
    pub fn set_route(&self, route: Route) {
        if self.door_route.is_none() {
            let _ = self.route.set(route);
        }
    }

    /// The trace ids, once the trace window has told them.
    #[must_use]
    pub fn trace(&self) -> Option<TraceIds> {
        self.trace.get()
    }

    /// Tells the trace ids; the first to tell is heard.
    pub fn set_trace(&self, ids: TraceIds) {
        self.trace.set(ids);
    }

    /// Tells whether the trace of this exchange is kept, whatever its head said; the first to tell is heard.
    ///
    /// For a sampler that decides at the end: exemplars and access lines follow it, where it is told
    /// in [`Observer::settle`](crate::Observer::settle).
    pub fn set_kept(&self, is_kept: bool) {
        let told = if is_kept { kept::YES } else { kept::NO };
        let _ = self.kept.compare_exchange(kept::UNTOLD, told, Ordering::Relaxed, Ordering::Relaxed);
    }

    /// The trace ids, if a span with them is or will be exported; then with the sampled flag set.
    #[must_use]
    pub fn kept_trace(&self) -> Option<TraceIds> {
        let ids = self.trace.get()?;
        let is_kept = match self.kept.load(Ordering::Relaxed) {
            kept::UNTOLD => ids.flags.is_sampled(),
            told => told == kept::YES,
        };
        is_kept.then(|| TraceIds { flags: ids.flags.with(TraceFlags::SAMPLED), ..ids })
    }

    /// Asks a sampler that decides at the end to keep this exchange: a callee kept its part.
    pub fn want(&self) {
        self.wanted.store(true, Ordering::Relaxed);
    }

    /// Whether somebody asked to keep this exchange.
    #[must_use]
    pub fn is_wanted(&self) -> bool {
        self.wanted.load(Ordering::Relaxed)
    }

    /// What the trace window keeps with the exchange for its end; made by the first to ask.
    ///
    /// There is one place: `None` if another type stands there.
    #[doc(hidden)]
    pub fn attachment<T: Any + Send + Sync>(&self, make: impl FnOnce() -> T) -> Option<&T> {
        self.attachment.get_or_init(|| Box::new(make())).downcast_ref()
    }

    /// What the trace window keeps with the exchange, if it does.
    #[doc(hidden)]
    #[must_use]
    pub fn attached<T: Any + Send + Sync>(&self) -> Option<&T> {
        self.attachment.get()?.downcast_ref()
    }

    /// The request id, once the request-id window has told it.
    #[must_use]
    pub fn request_id(&self) -> Option<&RequestId> {
        self.request_id.get()
    }

    /// Tells the request id; the first to tell is heard.
    pub fn set_request_id(&self, id: RequestId) {
        let _ = self.request_id.set(id);
    }

    /// Tells the request id that is the text of this UUID; the first to tell is heard.
    ///
    /// It is written where it stays.
    #[doc(hidden)]
    pub fn set_request_uuid(&self, uuid: u128) {
        self.request_id.get_or_init(|| RequestId::of_uuid(uuid));
    }

    /// Marks the exchange as a fault of the service, whatever its status says.
    ///
    /// `error_type` is a closed value of the program, as `error.type` of the conventions wants it;
    /// the first to tell is heard. For errors that travel in a good-looking answer, such as
    /// GraphQL's.
    pub fn fail(&self, error_type: &'static str) {
        let _ = self.failure.set(error_type);
    }

    /// Writes an attribute for the span and the log lines of this exchange; never a label.
    ///
    /// The last write of a key wins. At most [`ATTRIBUTES_MAX`](crate::notes::ATTRIBUTES_MAX) keys
    /// are kept, and texts are cut at [`Value::TEXT_MAX`] bytes; says whether it was kept.
    pub fn set(&self, key: &'static str, value: impl Into<Value>) -> bool {
        // Foreign code runs before the lock is taken: it may look at the exchange itself.
        let value = value.into();
        self.notes_mut().set(key, value)
    }

    /// Writes a label of a declared closed set, for the metrics that declare it, the span and the log.
    ///
    /// The last write of a label wins; says whether it was kept.
    // By value, as a label is written: `exchange.label(UserTier::Paid)`.
    #[allow(clippy::needless_pass_by_value, reason = "a label is a small closed value")]
    pub fn label<L: Label>(&self, label: L) -> bool {
        let index = label.index();
        self.notes_mut().label::<L>(index)
    }

    /// Visits the attributes in the order of their first write.
    pub fn attributes(&self, mut visit: impl FnMut(&'static str, &Value)) {
        if let Some(notes) = self.notes() {
            notes.attributes().iter().for_each(|(key, value)| visit(key, value));
        }
    }

    /// Visits the labels, name and value, in the order of their first write.
    pub fn labels(&self, mut visit: impl FnMut(&'static str, &'static str)) {
        if let Some(notes) = self.notes() {
            notes.labels().iter().for_each(|label| visit(label.name, label.value));
        }
    }

    /// The outcome, once the innermost wrapper has told it.
    #[must_use]
    pub fn outcome(&self) -> Option<Outcome> {
        *self.outcome.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How long ago the exchange arrived.
    #[must_use]
    pub fn age(&self) -> Duration {
        Moment::now().since(self.started)
    }

    /// From arrival to the response head, once it was made: what [`Outcome::head`] will say.
    ///
    /// Where layers that are stacked apart see heads of their own, the last one that was made.
    #[must_use]
    pub fn head_time(&self) -> Option<Duration> {
        let nanos = self.head.load(Ordering::Relaxed);
        (nanos != NOT_YET).then(|| Duration::from_nanos(nanos))
    }

    /// When the exchange arrived. No clock is read.
    #[must_use]
    #[inline]
    pub const fn arrived(&self) -> Moment {
        self.started
    }

    /// When the exchange ended that has this outcome. No clock is read.
    #[must_use]
    #[inline]
    pub fn ended(&self, outcome: &Outcome) -> Moment {
        self.started + outcome.total
    }

    /// Hears what a callee of this exchange says of a cache.
    ///
    /// The exchange has what its callees say until its handler says better; of several the one counts of which a cache
    /// gave least.
    pub fn hear_cache_status(&self, status: CacheStatus) {
        self.callees_cache.fetch_max(status.place(), Ordering::Relaxed);
    }

    pub(crate) fn tell_head(&self, age: Duration) {
        self.head.store(u64::try_from(age.as_nanos()).unwrap_or(NOT_YET), Ordering::Relaxed);
    }

    pub(crate) fn callees_cache(&self) -> Option<CacheStatus> {
        CacheStatus::at(self.callees_cache.load(Ordering::Relaxed))
    }

    pub(crate) fn failure(&self) -> Option<&'static str> {
        self.failure.get().copied()
    }

    /// Makes this the outcome to tell: that of a wrapper further in, where it saw the same thing happen.
    #[inline]
    pub(crate) fn agree(&self, own: &mut Outcome) {
        let mut told = self.outcome.lock().unwrap_or_else(PoisonError::into_inner);
        match &*told {
            None => *told = Some(*own),
            // Where the request was sent again, what was told first is of the first attempt alone.
            Some(told) if self.attempts.load(Ordering::Relaxed) == 0 && told.tells_the_same(own) => {
                *own = *told
            }
            Some(_) => {}
        }
    }

    /// Marks these windows as looking; gives those that looked before.
    pub(crate) fn mark(&self, windows: Window) -> Window {
        Window::from_bits(self.windows.fetch_or(windows.bits(), Ordering::Relaxed))
    }

    /// The card of a further attempt: the same request, with ids and an outcome of its own.
    pub(crate) fn attempt(&self, mut again: Arc<Self>) -> Arc<Self> {
        let resend = self.attempts.fetch_add(1, Ordering::Relaxed).saturating_add(1);
        // Nobody else has it yet.
        if let Some(again) = Arc::get_mut(&mut again) {
            again.resend = resend;
            // Whoever made the call made it for all attempts: an attempt is not a call of the one before.
            again.caller.clone_from(&self.caller);
            again.work.clone_from(&self.work);
            again.request_id.clone_from(&self.request_id);
            again.door_route = self.known_route();
        }
        again
    }

    /// The route, if anybody told it.
    pub(crate) fn known_route(&self) -> Option<Route> {
        self.door_route.or_else(|| self.route.get().copied())
    }

    pub(crate) fn rare(&self) -> &Rare {
        self.rare.get_or_init(Box::default)
    }

    fn notes(&self) -> Option<MutexGuard<'_, Notes>> {
        self.rare.get().map(|rare| rare.notes.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn notes_mut(&self) -> MutexGuard<'_, Notes> {
        self.rare().notes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
