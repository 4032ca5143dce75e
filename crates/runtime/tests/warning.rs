//! The warning, in a subscriber of its own thread.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::fmt::{Debug, Write};
use std::future::pending;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::task::JoinSet;
use tower_telemetry_runtime::{TaskWatch, Tasks, TokioRuntime};
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

/// Keeps the text of each event. It asks for the report within, as a layer may.
#[derive(Clone)]
struct Lines(Arc<Mutex<Vec<String>>>, TaskWatch);

struct Text(String);

impl Visit for Text {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        write!(self.0, " {field}={value:?}").unwrap();
    }
}

impl<S: Subscriber> Layer<S> for Lines {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        assert!(self.1.report().suspect().is_some());
        let mut text = Text(format!("{} {}:", event.metadata().level(), event.metadata().target()));
        event.record(&mut text);
        self.0.lock().unwrap().push(text.0);
    }
}

#[tokio::test]
async fn a_leak_is_warned_of_once_in_ten_minutes_with_its_place() {
    let tasks = Tasks::new();
    let watch = TaskWatch::new(TokioRuntime::current().unwrap(), tasks.clone());
    let lines = Lines(Arc::default(), watch.clone());
    let _subscriber = tracing::subscriber::set_default(tracing_subscriber::registry().with(lines.clone()));

    let (mut leaked, mut line) = (JoinSet::new(), 0);
    for second in 0..1_500 {
        leaked.spawn(tasks.counted(pending::<()>()));
        line = line!() - 1;
        watch.tick(Duration::from_secs(second));
    }

    let lines = lines.0.lock().unwrap().clone();
    // From about second 350 on: then, ten minutes later; the third would come after the end.
    assert_eq!(lines.len(), 2, "{lines:#?}");
    let place = format!("site={}:{line}:", file!());
    for line in &lines {
        assert!(line.starts_with("WARN tower_telemetry:") && line.contains(&place), "{line}");
        assert!(line.contains("message=tasks leak") && line.contains("per_second=1.0"), "{line}");
    }
}

#[tokio::test]
async fn no_leak_is_not_warned_of() {
    let tasks = Tasks::new();
    let watch = TaskWatch::new(TokioRuntime::current().unwrap(), tasks.clone());
    let lines = Lines(Arc::default(), watch.clone());
    let _subscriber = tracing::subscriber::set_default(tracing_subscriber::registry().with(lines.clone()));
    let _steady: Vec<_> = (0..100).map(|_| tasks.counted(())).collect();
    for second in 0..1_500 {
        watch.tick(Duration::from_secs(second));
    }
    assert!(lines.0.lock().unwrap().is_empty());
}
