//! What stands in a response already.

use http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS};
use http::{HeaderMap, HeaderName};
use tower_telemetry_core::names::header;

/// Made once: a name of one's own is compared by its text.
static X_CACHE_STATUS: HeaderName = header::X_CACHE_STATUS;
static SERVER_TIMING: HeaderName = header::SERVER_TIMING;

/// What stands in a response before the contract is written, in one look: most have nothing of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Standing {
    /// `x-cache-status`.
    pub(super) cache_status: bool,
    /// `server-timing`.
    pub(super) timing: bool,
    /// Who may read it of other origins, or what of it.
    pub(super) cors: bool,
}

impl Standing {
    pub(super) fn of(headers: &HeaderMap) -> Self {
        let mut standing = Self::default();
        for name in headers.keys() {
            if *name == ACCESS_CONTROL_ALLOW_ORIGIN || *name == ACCESS_CONTROL_EXPOSE_HEADERS {
                standing.cors = true;
            } else if *name == X_CACHE_STATUS {
                standing.cache_status = true;
            } else if *name == SERVER_TIMING {
                standing.timing = true;
            }
        }
        standing
    }
}
