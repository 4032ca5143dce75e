//! The engine with one target, that of the variable `FUZZ_TARGET`; `cargo xtask fuzz` builds and runs it.
#![no_main]

use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;
use tower_telemetry_fuzz::Target;

fuzz_target!(|data: &[u8]| {
    static TARGET: OnceLock<&Target> = OnceLock::new();
    let target = TARGET.get_or_init(|| {
        let name = std::env::var("FUZZ_TARGET").unwrap_or_default();
        tower_telemetry_fuzz::target(&name).unwrap_or_else(|| panic!("no target is named {name:?}"))
    });
    (target.run)(data);
});
