//! The id of this process among all instances of the service.

use std::sync::OnceLock;

use tower_telemetry_core::trace_ids::TraceId;

/// A random UUID (RFC 9562, version 4), the same for as long as the process lives.
pub(super) fn id() -> &'static str {
    static ID: OnceLock<String> = OnceLock::new();
    ID.get_or_init(|| text(u128::from_be_bytes(TraceId::random().to_bytes())))
}

/// These bits as a UUID, but for the six that say of which kind it is.
fn text(bits: u128) -> String {
    let bits = bits & !(0xf << 76) & !(0b11 << 62) | (4 << 76) | (0b10 << 62);
    let hex = format!("{bits:032x}");
    let mut text = String::with_capacity(36);
    for (at, digit) in hex.chars().enumerate() {
        if matches!(at, 8 | 12 | 16 | 20) {
            text.push('-');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_a_uuid_of_version_four() {
        assert_eq!(text(0), "00000000-0000-4000-8000-000000000000");
        assert_eq!(text(u128::MAX), "ffffffff-ffff-4fff-bfff-ffffffffffff");
    }

    #[test]
    fn a_process_has_one_id() {
        assert_eq!(id(), id());
        assert_eq!(id().len(), 36);
    }
}
