//! One fuzz target for each parser, and for the writers whose output others parse.
//!
//! A target takes any bytes and asserts what holds for all of them: nothing panics, bounds are kept, what was read can be
//! written and reads back equal. `cargo xtask fuzz` runs them in an engine that is led by coverage; `cargo test` replays
//! the seeds in `corpus`, of which each that once found something is one.

mod targets;

use targets::{
    accept, b3, baggage, exposition, grpc_status, grpc_web, jaeger, json, request_id, traceparent, tracestate,
};

/// All of them.
pub const TARGETS: &[Target] = &[
    Target { name: "traceparent", run: traceparent::run },
    Target { name: "tracestate", run: tracestate::run },
    Target { name: "baggage", run: baggage::run },
    Target { name: "b3", run: b3::run },
    Target { name: "jaeger", run: jaeger::run },
    Target { name: "grpc_status", run: grpc_status::run },
    Target { name: "grpc_web", run: grpc_web::run },
    Target { name: "accept", run: accept::run },
    Target { name: "request_id", run: request_id::run },
    Target { name: "json", run: json::run },
    Target { name: "exposition", run: exposition::run },
];

/// One target.
#[derive(Debug)]
pub struct Target {
    /// Its name, and that of its folder in `corpus`.
    pub name: &'static str,
    /// Panics where something does not hold.
    pub run: fn(&[u8]),
}

/// The target of this name.
#[must_use]
pub fn target(name: &str) -> Option<&'static Target> {
    TARGETS.iter().find(|target| target.name == name)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;

    #[test]
    fn every_seed_holds() {
        for target in TARGETS {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target.name);
            let mut seeds = 0;
            for seed in fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
            {
                let seed = fs::read(seed.unwrap().path()).unwrap();
                (target.run)(&seed);
                seeds += 1;
            }
            assert!(seeds > 0, "{} has no seed", target.name);
        }
    }

    #[test]
    fn what_is_no_input_of_a_parser_holds_too() {
        for target in TARGETS {
            for length in 0..200_u8 {
                (target.run)(&vec![length; usize::from(length)]);
                (target.run)(&(0..length).map(|byte| byte.wrapping_mul(37)).collect::<Vec<_>>());
            }
        }
    }
}
