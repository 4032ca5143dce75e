//! The door: where it is noted who a request is, before anything looks at it.

use std::sync::Arc;
use std::sync::atomic::AtomicU32;
use std::time::Duration;

use http::{HeaderValue, Method, header, request};

use crate::authority::Authority;
use crate::classify::Classify;
use crate::current::{current, work};
use crate::exchange::{Exchange, Unlisted};
use crate::forwarded::Forwarded;
use crate::length::announced;
use crate::method;
use crate::moment::Moment;
use crate::names::header::{FORWARDED, X_FORWARDED_PROTO};
use crate::pick::pick;
use crate::protocol::{Protocol, Scheme};
use crate::route::Route;
use crate::rpc_methods::RpcMethods;
use crate::side::Side;
use crate::stacks::table::RouteTable;
use crate::stacks::{axum, tonic};
use crate::ticket::{Arrival, Ticket};
use crate::window::Window;

/// What a layer knows before any request comes.
#[derive(Debug, Clone)]
pub(crate) struct Door {
    pub(crate) side: Side,
    pub(crate) scheme: Scheme,
    pub(crate) server: Option<Authority>,
    pub(crate) methods: Arc<RpcMethods>,
    pub(crate) table: Option<Arc<RouteTable>>,
    pub(crate) classify: Option<Arc<dyn Classify>>,
}

impl Door {
    pub(crate) fn new(side: Side) -> Self {
        Self {
            side,
            scheme: Scheme::Http,
            server: None,
            methods: Arc::default(),
            table: None,
            classify: None,
        }
    }

    /// Joins the exchange of the request's ticket, or opens a new one and gives the request its ticket.
    ///
    /// `clock` is read only for a new exchange: an exchange has one start.
    pub(crate) fn arrive(
        &self,
        head: &mut request::Parts,
        offered: Window,
        waited: Option<Duration>,
        clock: impl FnOnce() -> Moment,
    ) -> Arrival {
        let Some(ticket) = head.extensions.get_mut::<Ticket>().filter(|ticket| ticket.card.side == self.side)
        else {
            let exchange = self.open(head, waited, clock(), offered);
            return enter(exchange, head, offered, Window::NONE);
        };
        let passed = ticket.passed;
        let acting = offered.without(passed);
        let seen = ticket.card.mark(acting);
        if seen.meets(acting) {
            // Marked on the card, but not by a wrapper that this request came through: the request
            // is being sent again from a copy made further out.
            let card = Arc::clone(&ticket.card);
            let exchange = self.attempt(&card, head, waited, clock(), acting);
            return enter(exchange, head, acting, passed);
        }
        ticket.passed = passed | offered;
        let exchange = Arc::clone(&ticket.card);
        self.tell_route(&exchange, head);
        Arrival { exchange, acting, offered }
    }

    #[cold]
    #[inline(never)]
    fn attempt(
        &self,
        card: &Exchange,
        head: &request::Parts,
        waited: Option<Duration>,
        started: Moment,
        windows: Window,
    ) -> Arc<Exchange> {
        card.attempt(self.open(head, waited, started, windows))
    }

    /// Opens an exchange that these windows look at.
    #[inline(never)]
    fn open(
        &self,
        head: &request::Parts,
        waited: Option<Duration>,
        started: Moment,
        windows: Window,
    ) -> Arc<Exchange> {
        let mut exchange = Exchange::blank(self.side, started);
        // Nobody else has it yet.
        if let Some(card) = Arc::get_mut(&mut exchange) {
            self.note(card, head);
            card.waited = waited;
            card.windows = AtomicU32::new(windows.bits());
        }
        exchange
    }

    fn note(&self, card: &mut Exchange, head: &request::Parts) {
        let [content_type, content_length, forwarded, forwarded_proto] = pick(
            &head.headers,
            [&header::CONTENT_TYPE, &header::CONTENT_LENGTH, &FORWARDED, &X_FORWARDED_PROTO],
        );
        card.protocol = content_type.map_or(Protocol::Http, Protocol::of_content_type);
        card.method = method::known(&head.method);
        card.bodiless = head.method == Method::HEAD;
        card.connect = head.method == Method::CONNECT;
        card.version = head.version;
        card.scheme = self.scheme(head, forwarded, forwarded_proto);
        card.request_size = content_length.and_then(announced);
        card.door_route = self.route(card.protocol, head);
        if let Some(classify) = &self.classify {
            card.classify = Some(Arc::clone(classify));
        }
        match self.side {
            Side::Server => self.note_served(card, head),
            Side::Client => self.note_called(card, head),
        }
    }

    fn note_served(&self, card: &mut Exchange, head: &request::Parts) {
        if card.door_route.is_none() && card.protocol.is_grpc() {
            self.note_unlisted(card, head);
        }
    }

    #[cold]
    #[inline(never)]
    fn note_unlisted(&self, card: &mut Exchange, head: &request::Parts) {
        match head.uri.path_and_query() {
            Some(path) => {
                let methods = Arc::clone(&self.methods);
                card.unlisted = Some(Box::new(Unlisted { path: path.clone(), methods }));
            }
            None => card.door_route = Some(Route::RPC_OTHER),
        }
    }

    #[inline(never)]
    fn note_called(&self, card: &mut Exchange, head: &request::Parts) {
        if card.door_route.is_none() && card.protocol.is_grpc() {
            card.door_route = Some(Route::RPC_OTHER);
        }
        card.server = self
            .server
            .or_else(|| Authority::of(&head.uri))
            .or_else(|| Authority::of_host(head.headers.get(header::HOST)?));
        card.caller = current();
        if card.caller.is_none() {
            card.work = work();
            // A call is made by the request that asked for its work.
            if let Some(id) = card.work.as_ref().and_then(|work| work.request_id()).cloned() {
                card.set_request_id(id);
            }
        }
    }

    fn tell_route(&self, exchange: &Exchange, head: &request::Parts) {
        if exchange.known_route().is_none()
            && let Some(route) = self.route(exchange.protocol, head)
        {
            exchange.set_route(route);
        }
    }

    /// The route, as far as it can be known at the door.
    // In its callers: a route is three words, which whoever reads what was just written waits for.
    #[inline(always)]
    fn route(&self, protocol: Protocol, head: &request::Parts) -> Option<Route> {
        if let Some(told) = head.extensions.get::<Route>() {
            return Some(*told);
        }
        match (protocol.is_grpc(), self.side) {
            (true, Side::Server) => self.methods.route(head.uri.path()),
            (true, Side::Client) => tonic::called_method(&head.extensions, &head.uri),
            (false, _) => axum::matched_path(&head.extensions)
                .filter(|_| self.side == Side::Server)
                .or_else(|| self.table.as_ref()?.route(head.uri.path())),
        }
    }

    /// The scheme that the client used, if a proxy or the target tells it. It has three values, so
    /// a client that lies about it costs nothing.
    fn scheme(
        &self,
        head: &request::Parts,
        forwarded: Option<&HeaderValue>,
        forwarded_proto: Option<&HeaderValue>,
    ) -> Scheme {
        let told = match self.side {
            Side::Server if forwarded.is_some() || forwarded_proto.is_some() => {
                told_scheme(forwarded, forwarded_proto)
            }
            Side::Server | Side::Client => None,
        };
        told.unwrap_or_else(|| head.uri.scheme_str().map_or(self.scheme, Scheme::of))
    }
}

#[cold]
#[inline(never)]
fn told_scheme(forwarded: Option<&HeaderValue>, forwarded_proto: Option<&HeaderValue>) -> Option<Scheme> {
    let told = forwarded
        .and_then(|value| Forwarded::of(value).proto)
        .or_else(|| forwarded_proto?.to_str().ok()?.split(',').next().map(str::trim));
    told.map(Scheme::of).filter(|scheme| matches!(scheme, Scheme::Http | Scheme::Https))
}

fn enter(exchange: Arc<Exchange>, head: &mut request::Parts, acting: Window, passed: Window) -> Arrival {
    let offered = acting | passed;
    head.extensions.insert(Ticket { card: Arc::clone(&exchange), passed: offered });
    Arrival { exchange, acting, offered }
}
