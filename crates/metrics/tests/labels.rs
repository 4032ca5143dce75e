//! Labels that macros declare, from the handler to the page.
#![deny(missing_docs, unreachable_pub, dead_code)]
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use http::{Request, Response, request};
use tower_layer::Layer;
use tower_telemetry_core::{Exchange, Observer, Signal, SignalExt, current};
use tower_telemetry_metrics::expose::text;
use tower_telemetry_metrics::{Descriptor, Labels, Metrics, Place, Store, label, labels};
use tower_telemetry_testing::{Reply, Scripted, ScriptedBody, call, read_body, run};

label! {
    /// What a user pays.
    #[derive(PartialOrd)]
    enum UserTier {
        Free = "free",
        /// With "quotes".
        Paid = "pa\"id",
    }
}

const REGIONS: &[&str] = &["eu", "us"];

label! {
    struct Region as "cloud_region" in REGIONS;
}

labels! {
    #[derive(PartialOrd)]
    struct Order {
        tier: UserTier,
        region as "cloud.region": Option<Region>,
        retried: bool,
        items: Option<u8>,
        shop: &'static str,
    }
}

impl PartialOrd for Region {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        self.as_str().partial_cmp(other.as_str())
    }
}

#[test]
fn declared_labels_stand_on_the_page_in_their_order() {
    assert_eq!(Order::NAMES, ["tier", "cloud.region", "retried", "items", "shop"]);
    let store = Store::new();
    let orders = store.counter_family::<Order>(Descriptor::new("orders", "", "")).unwrap();
    let order = Order { tier: UserTier::Free, region: None, retried: true, items: None, shop: "a" };
    orders.series(&order, Place::Known).increment();
    let paid = Order { tier: UserTier::Paid, region: Region::named("us"), items: Some(3), ..order.clone() };
    assert!(order < paid);
    orders.series(&paid, Place::Known).increment();
    let mut page = String::new();
    text::encode(&store.snapshot(), &mut page);
    for line in [
        "orders_total{tier=\"free\",retried=\"true\",shop=\"a\"} 1\n",
        "orders_total{tier=\"pa\\\"id\",cloud_region=\"us\",retried=\"true\",items=\"3\",shop=\"a\"} 1\n",
    ] {
        assert!(page.contains(line), "{line} is not in\n{page}");
    }
}

#[test]
fn a_text_from_outside_finds_its_value_or_none() {
    assert_eq!(UserTier::named("free"), Some(UserTier::Free));
    assert_eq!(UserTier::named("Free"), None);
    assert_eq!(Region::named("eu").map(Region::as_str), Some("eu"));
    assert_eq!(Region::named(&"x".repeat(9000)), None);
}

/// Labels each exchange, as a handler would.
#[derive(Clone)]
struct Write;

impl Signal for Write {
    type Observer = Self;

    fn start(&self, _: &Exchange, _: &mut request::Parts) -> Self {
        Self
    }
}

impl Observer for Write {
    type Guard = ();

    fn enter(&self) {
        let exchange = current().unwrap();
        assert!(exchange.label(UserTier::Paid));
        assert!(exchange.label(Region::named("eu").unwrap()));
    }
}

#[test]
fn a_handler_writes_them_on_its_exchange() {
    let metrics = Metrics::builder().with_labels::<(UserTier, Region)>().build().unwrap();
    let reply = Reply::<ScriptedBody>::response(Response::new(ScriptedBody::new().end()));
    let mut service = (Write, metrics.clone()).server().layer(Scripted::new([reply]));
    let response = run(call(&mut service, Request::new(()))).unwrap().unwrap();
    read_body(Box::pin(response.into_body()).as_mut());
    let labels = [("user_tier", "pa\"id"), ("cloud_region", "eu")];
    assert_eq!(metrics.store().snapshot().total("http.server.request.duration", &labels), 1.0);
}
