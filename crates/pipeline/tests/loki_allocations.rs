//! From an event to its batch nothing is allocated once buffers have grown. Owns the global allocator, which counts; it is
//! one test, since the count is that of the whole process.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may stop at the first surprise")]

use std::alloc::System;
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use tower_telemetry_core::trace_ids::TraceFlags;
use tower_telemetry_core::{RequestId, Scope, TraceIds, Work};
use tower_telemetry_pipeline::{Loki, Telemetry};
use tracing::info;
use tracing_subscriber::prelude::*;

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Pushes that were answered.
static PUSHES: AtomicUsize = AtomicUsize::new(0);

const FEW: usize = 10;
/// Less than a MiB of lines: they travel together.
const MANY: usize = 1_500;

/// Answers every push by 204, and allocates nothing meanwhile.
fn loki() -> SocketAddr {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let addr = listener.local_addr().unwrap();
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut buffer = vec![0; 2 << 20];
        let mut filled = 0;
        loop {
            filled += stream.read(&mut buffer[filled..]).unwrap();
            let read = &buffer[..filled];
            let Some(head) = read.windows(4).position(|window| window == b"\r\n\r\n") else { continue };
            const LENGTH: &[u8] = b"content-length: ";
            let length =
                read.windows(LENGTH.len()).position(|window| window == LENGTH).unwrap() + LENGTH.len();
            let digits = read[length..].iter().take_while(|byte| byte.is_ascii_digit());
            let length = digits.fold(0, |length, digit| length * 10 + usize::from(digit - b'0'));
            if filled >= head + 4 + length {
                filled = 0;
                stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").unwrap();
                PUSHES.fetch_add(1, Ordering::SeqCst);
            }
        }
    });
    addr
}

/// Allocations while this is done.
fn allocations(work: impl FnOnce()) -> usize {
    let region = Region::new(ALLOCATOR);
    work();
    let change = region.change();
    change.allocations + change.reallocations
}

fn tell(lines: usize) {
    for order in 0..lines {
        info!(order, price = 0.25, "sold {} of {}", 3, 12);
    }
}

#[test]
fn nothing_is_allocated_for_a_line() {
    // The measure itself: it must see an allocation.
    assert_eq!(allocations(|| drop(std::hint::black_box(Box::new(1)))), 1);

    let loki = Loki::to(format!("http://{}", loki()));
    let builder = Telemetry::builder("shop").without_admin().without_subscriber().with_log_writer(io::sink);
    let telemetry = builder.with_loki(loki).init().unwrap();
    let _guard = tracing::subscriber::set_default(tracing_subscriber::registry().with(telemetry.log_layer()));
    let work = Work::new().with_trace(TraceIds::random(TraceFlags::SAMPLED));
    let _scope = Scope::of_work(work.with_request_id(RequestId::new("request-1"))).attach();

    // All lines of one push, and what the push takes.
    let pushed = |lines: usize| {
        let before = PUSHES.load(Ordering::SeqCst);
        allocations(|| {
            tell(lines);
            while PUSHES.load(Ordering::SeqCst) == before {
                thread::yield_now();
            }
        })
    };
    // Buffers grow.
    let _ = (pushed(MANY), pushed(MANY));
    let least = |lines| (0..3).map(|_| pushed(lines)).min().unwrap();
    let (few, many) = (least(FEW), least(MANY));
    assert!(many <= few + FEW, "{few} allocations for a push of {FEW} lines, {many} for one of {MANY}");

    // On the thread that logs. The other may push meanwhile, so the least of some.
    let event = (0..20).map(|_| allocations(|| tell(FEW))).min();
    assert_eq!(event, Some(0));
}
