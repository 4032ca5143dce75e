//! Which exchanges have a sampling of their own.

use http::request;
use tower_telemetry_core::{Exchange, Protocol, Side};

use crate::sampling::threshold::Threshold;

/// The paths by which a service is asked how it is.
const PROBES: [&str; 5] = ["/healthz", "/readyz", "/livez", "/metrics", "grpc.health.v1.Health/*"];

/// A sampling for each route, the first rule that matches an exchange; by default probes are dropped.
///
/// A rule names a route as the program does, `/users/{id}` or `package.Service/Method`, or all that begin alike:
/// `/admin/*`. What the short forms say is said of servers.
///
/// Around a router the route is not known yet when the decision is taken. The path of the request then stands for
/// it: rules for `/healthz` or `/admin/*` hold there too, but `/users/{id}` only matches where the layer stands in
/// the router, or where routes were declared.
///
/// ```
/// use tower_telemetry_core::Side;
/// use tower_telemetry_trace::sampling::{Action, Rule, Rules};
///
/// let rules = Rules::default()
///     .keep("/pay")
///     .probability("/search", 0.1)
///     .rule(Rule::new(Action::Drop).method("OPTIONS"))
///     .rule(Rule::new(Action::Drop).route("etcd.KV/*").side(Side::Client))
///     .background(0.01);
/// # let _ = rules;
/// ```
#[derive(Debug, Clone)]
pub struct Rules {
    rules: Vec<Rule>,
    background: Option<Action>,
}

/// What is done with the exchanges that match, and which do: all, if nothing more is said.
#[derive(Debug, Clone)]
pub struct Rule {
    action: Action,
    route: Option<Wanted>,
    method: Option<Box<str>>,
    protocol: Option<Protocol>,
    side: Option<Side>,
}

/// What is done with an exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Action {
    /// It is kept, whatever its caller did; within the budget.
    Keep,
    /// It is not kept, whatever its caller did and however it ends.
    Drop,
    /// It is kept if its caller was, else with the probability of this threshold.
    Probability(Threshold),
}

impl Rules {
    /// No rule at all.
    #[must_use]
    pub const fn new() -> Self {
        Self { rules: Vec::new(), background: None }
    }

    /// Keeps all exchanges of a route.
    #[must_use]
    pub fn keep(self, route: &str) -> Self {
        self.on_servers(Action::Keep, route)
    }

    /// Drops all exchanges of a route.
    #[must_use]
    pub fn drop(self, route: &str) -> Self {
        self.on_servers(Action::Drop, route)
    }

    /// Keeps a share of a route's exchanges; none at 0, but for what their end or their caller has kept.
    #[must_use]
    pub fn probability(self, route: &str, probability: f64) -> Self {
        self.on_servers(Action::probability(probability), route)
    }

    /// Keeps a share of what no rule matches, as [`Action::Probability`] does; wherever it stands, it is asked last.
    #[must_use]
    pub fn background(mut self, probability: f64) -> Self {
        self.background = Some(Action::probability(probability));
        self
    }

    /// Adds a rule, after those that are there.
    #[must_use]
    pub fn rule(mut self, rule: Rule) -> Self {
        self.rules.push(rule);
        self
    }

    /// What is to be done with an exchange, if a rule says so.
    pub(super) fn action(&self, exchange: &Exchange, head: &request::Parts) -> Option<Action> {
        if self.rules.is_empty() {
            return self.background;
        }
        let told = Told::of(exchange, head.uri.path());
        let rule = self.rules.iter().find(|rule| rule.matches(exchange, &told));
        rule.map(|rule| rule.action).or(self.background)
    }

    pub(super) fn len(&self) -> usize {
        self.rules.len() + usize::from(self.background.is_some())
    }

    fn on_servers(self, action: Action, route: &str) -> Self {
        self.rule(Rule::new(action).route(route).side(Side::Server))
    }
}

impl Default for Rules {
    /// Drops probes: `/healthz`, `/readyz`, `/livez`, `/metrics` and `grpc.health.v1.Health/*`.
    fn default() -> Self {
        PROBES.iter().fold(Self::new(), |rules, probe| rules.drop(probe))
    }
}

impl Rule {
    /// Does this with every exchange.
    #[must_use]
    pub const fn new(action: Action) -> Self {
        Self { action, route: None, method: None, protocol: None, side: None }
    }

    /// Of this route; of all that begin alike, if a `*` stands at its end.
    #[must_use]
    pub fn route(mut self, route: &str) -> Self {
        self.route = Some(Wanted::of(route));
        self
    }

    /// Of this HTTP method, in its own case.
    #[must_use]
    pub fn method(mut self, method: &str) -> Self {
        self.method = Some(method.into());
        self
    }

    /// Of this protocol.
    #[must_use]
    pub const fn protocol(mut self, protocol: Protocol) -> Self {
        self.protocol = Some(protocol);
        self
    }

    /// On this side.
    #[must_use]
    pub const fn side(mut self, side: Side) -> Self {
        self.side = Some(side);
        self
    }

    fn matches(&self, exchange: &Exchange, told: &Told<'_>) -> bool {
        self.side.is_none_or(|side| side == exchange.side)
            && self.protocol.is_none_or(|protocol| protocol == exchange.protocol)
            && self.method.as_deref().is_none_or(|method| method == exchange.method)
            && self.route.as_ref().is_none_or(|wanted| wanted.is(told))
    }
}

impl Action {
    /// A probability; none at all at 0.
    #[must_use]
    pub fn probability(probability: f64) -> Self {
        // The largest threshold keeps one of 2^56: what is asked for is a head that says no, and no drop, which
        // would silence the end too.
        Self::Probability(Threshold::of_probability(probability).unwrap_or(Threshold::from_bits(u64::MAX)))
    }
}

/// The route that rules are held against, worked out once for all of them.
struct Told<'a> {
    route: &'a str,
    /// The path of a gRPC call is its method with a slash before it.
    is_grpc: bool,
}

impl<'a> Told<'a> {
    fn of(exchange: &Exchange, path: &'a str) -> Self {
        let (route, is_grpc) = (exchange.route(), exchange.protocol.is_grpc());
        let told = route.as_str().filter(|_| route.is_known()).unwrap_or(path);
        Self { route: if is_grpc { told.trim_start_matches('/') } else { told }, is_grpc }
    }
}

/// The route of a rule, taken apart once: every exchange is held against it.
#[derive(Debug, Clone)]
struct Wanted {
    /// The route, or what it begins with.
    text: Box<str>,
    extent: Extent,
    /// Where it begins as a method of gRPC: behind its slashes.
    method_at: usize,
}

/// How much of a route a rule names.
#[derive(Debug, Clone, Copy)]
enum Extent {
    Whole,
    Beginning,
}

impl Wanted {
    fn of(route: &str) -> Self {
        let (text, extent) = match route.strip_suffix('*') {
            Some(beginning) => (beginning, Extent::Beginning),
            None => (route, Extent::Whole),
        };
        let method_at = text.len() - text.trim_start_matches('/').len();
        Self { text: text.into(), extent, method_at }
    }

    fn is(&self, told: &Told<'_>) -> bool {
        let wanted =
            if told.is_grpc { self.text.get(self.method_at..).unwrap_or_default() } else { &self.text };
        match self.extent {
            Extent::Whole => told.route == wanted,
            Extent::Beginning => told.route.starts_with(wanted),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is(wanted: &str, route: &str) -> bool {
        Wanted::of(wanted).is(&Told { route, is_grpc: false })
    }

    fn is_method(wanted: &str, method: &str) -> bool {
        Wanted::of(wanted).is(&Told { route: method, is_grpc: true })
    }

    #[test]
    fn a_route_is_the_whole_of_it() {
        assert!(is("/users/{id}", "/users/{id}"));
        assert!(!is("/users", "/users/{id}"));
        assert!(!is("/users/{id}", "/users"));
        assert!(!is("users", "/users"));
        assert!(!is("", "/users"));
    }

    #[test]
    fn a_star_at_the_end_is_any_rest() {
        assert!(is("/users/*", "/users/{id}"));
        assert!(is("/users/*", "/users/"));
        assert!(!is("/users/*", "/users"));
        assert!(is("*", "/users"));
        assert!(!is("/us*rs", "/users"));
    }

    #[test]
    fn a_method_of_grpc_may_have_its_slash_or_none() {
        for wanted in ["etcd.KV/Put", "/etcd.KV/Put", "etcd.KV/*", "/etcd.KV/*", "/*", "*"] {
            assert!(is_method(wanted, "etcd.KV/Put"), "{wanted}");
        }
        for wanted in ["etcd.KV", "/etcd.Lease/*", "Put", ""] {
            assert!(!is_method(wanted, "etcd.KV/Put"), "{wanted}");
        }
    }
}
