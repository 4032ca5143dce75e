use std::time::Duration;

use tokio::task::JoinSet;
use tower_telemetry::runtime::{TaskWatch, Tasks, TokioRuntime};
use tower_telemetry::{JoinSetExt, spawn, spawn_blocking};

use crate::handled::{handled, id};

#[tokio::test]
async fn what_is_spawned_belongs_to_the_exchange() {
    let ids = handled("a", || async {
        let mut set = JoinSet::new();
        set.spawn_in_exchange(async { id() });
        set.spawn_blocking_in_exchange(id);
        let mut ids = set.join_all().await;
        ids.push(spawn(async { id() }).await.unwrap());
        ids.push(spawn_blocking(id).await.unwrap());
        assert_eq!(tokio::spawn(async { id() }).await.unwrap(), None);
        ids
    });
    assert_eq!(ids.await, vec![Some("a".to_owned()); 4]);
}

#[tokio::test]
async fn what_is_spawned_is_counted_at_the_place_that_calls() {
    let mut set = JoinSet::new();
    let first = line!() + 1;
    drop(spawn(async {}));
    drop(spawn_blocking(|| ()));
    set.spawn_in_exchange(async {});
    set.spawn_blocking_in_exchange(|| ());
    set.join_all().await;
    let watch = TaskWatch::new(TokioRuntime::current().unwrap(), Tasks::process().clone());
    watch.tick(Duration::ZERO);
    let lines = watch.report().sites.into_iter().filter_map(|site| site.location);
    let here = lines.filter(|at| at.file() == file!() && (first..first + 4).contains(&at.line()));
    assert_eq!(here.count(), 4);
}
