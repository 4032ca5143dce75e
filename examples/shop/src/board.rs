//! The board: what the live view shows, as plain numbers. Whoever measures fills it; the view only draws.

use std::time::Duration;

use crate::shipping::Depth;

/// One picture of the shop.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Board {
    pub(crate) uptime: Duration,
    /// Where to look, in the order shown.
    pub(crate) addresses: Vec<Address>,
    /// The golden signals, one panel per protocol and side; four fit beside each other.
    pub(crate) panels: Vec<Panel>,
    /// Jobs that wait for a shipping worker.
    pub(crate) queue: Depth,
    /// The busiest first; those that do not fit are not shown.
    pub(crate) routes: Vec<RouteRow>,
    /// Exchanges that did not go well, the newest first.
    pub(crate) feed: Vec<FeedRow>,
}

/// A name and where it is found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Address {
    pub(crate) name: &'static str,
    pub(crate) url: String,
}

/// Traffic, errors, latency and saturation of one protocol on one side.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Panel {
    pub(crate) title: &'static str,
    /// Exchanges that ended, per second.
    pub(crate) per_second: f64,
    /// Earlier values of `per_second`, rounded, the newest last.
    pub(crate) history: Vec<u64>,
    pub(crate) errors: Vec<ErrorClass>,
    pub(crate) latency: Latency,
    /// Exchanges now open; `None` where nobody counts them.
    pub(crate) in_flight: Option<u64>,
    /// The age of the oldest open exchange.
    pub(crate) oldest: Option<Duration>,
}

/// Exchanges that went wrong in one way.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ErrorClass {
    pub(crate) fate: Fate,
    pub(crate) per_second: f64,
}

/// Quantiles of the time from start to end, over the recent past; `None` without an exchange.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Latency {
    pub(crate) p50: Option<Duration>,
    pub(crate) p99: Option<Duration>,
}

/// One route on one side.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct RouteRow {
    /// The title of its panel.
    pub(crate) side: &'static str,
    pub(crate) route: String,
    pub(crate) per_second: f64,
    /// Share of exchanges that did not go well, 0 to 1.
    pub(crate) errors: f64,
    pub(crate) latency: Latency,
}

/// One exchange that did not go well.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct FeedRow {
    /// When it ended, after the start of the shop.
    pub(crate) at: Duration,
    pub(crate) fate: Fate,
    /// Its method and route.
    pub(crate) what: String,
    /// Its status or error type.
    pub(crate) ended: String,
    pub(crate) took: Duration,
}

/// Whose fault it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    CallerFault,
    ServiceFault,
    Cancelled,
}

impl Fate {
    pub(crate) const ALL: [Self; 3] = [Self::CallerFault, Self::ServiceFault, Self::Cancelled];
}

#[cfg(test)]
impl Board {
    /// A full board, for those who draw it.
    pub(crate) fn sample() -> Self {
        let ms = Duration::from_millis;
        let panel = |title, per_second: f64, errors: [f64; 3]| Panel {
            title,
            per_second,
            history: (0..200).map(|n| (n * 37) % 60 + 200).collect(),
            errors: Fate::ALL
                .into_iter()
                .zip(errors)
                .map(|(fate, per_second)| ErrorClass { fate, per_second })
                .collect(),
            latency: Latency { p50: Some(ms(2)), p99: Some(ms(812)) },
            in_flight: Some(12),
            oldest: Some(ms(1_430)),
        };
        let route = |side, route: &str, per_second, errors| RouteRow {
            side,
            route: route.to_owned(),
            per_second,
            errors,
            latency: Latency { p50: Some(Duration::from_micros(740)), p99: Some(ms(38)) },
        };
        let fed = |at, fate, what: &str, ended: &str, took| FeedRow {
            at: ms(at),
            fate,
            what: what.to_owned(),
            ended: ended.to_owned(),
            took: ms(took),
        };
        Self {
            uptime: Duration::from_secs(83),
            addresses: vec![
                Address { name: "gateway", url: "http://127.0.0.1:3000".to_owned() },
                Address { name: "inventory", url: "grpc://127.0.0.1:50051".to_owned() },
                Address { name: "metrics", url: "http://127.0.0.1:9464/metrics".to_owned() },
            ],
            panels: vec![
                panel("HTTP server", 268.4, [40.0, 5.1, 8.2]),
                panel("HTTP client", 112.0, [0.0, 9.6, 0.0]),
                panel("gRPC server", 151.7, [9.0, 3.4, 5.5]),
                panel("gRPC client", 118.2, [6.0, 2.2, 1.0]),
            ],
            queue: Depth { waiting: 64, capacity: 256 },
            routes: vec![
                route("HTTP server", "POST /orders", 140.2, 0.31),
                route("gRPC server", "shop.v1.Inventory/Reserve", 121.0, 0.08),
                route("HTTP client", "GET /quotes/{item}", 112.0, 0.086),
                route("HTTP server", "GET /healthz", 21.4, 0.0),
            ],
            feed: vec![
                fed(82_900, Fate::ServiceFault, "POST /orders", "502", 3),
                fed(82_310, Fate::Cancelled, "POST /orders", "cancelled", 96),
                fed(81_200, Fate::CallerFault, "GET (unmatched)", "404", 0),
            ],
        }
    }
}
