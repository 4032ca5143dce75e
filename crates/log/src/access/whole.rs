//! An access line that is written in one go.

use tracing::Metadata;

use crate::access::line::{ACCESS_TARGET, ENCODED_MESSAGE, MODULE};
use crate::access::ready::Ready;
use crate::active_span::ActiveSpan;
use crate::format::{LineFormat, SourceLocation};
use crate::line::Style;
use crate::origin::Origin;
use crate::scratch::Scratch;

/// Writes the line of this event into the scratch, if it is an access line whose parts are ready; the event is to be
/// told field by field where it is not.
///
/// Only outside any span, whose fields would stand on the line too.
pub(crate) fn write(
    scratch: &mut Scratch,
    style: &Style,
    active_span: ActiveSpan,
    metadata: &'static Metadata<'static>,
    is_in_span: impl FnOnce() -> bool,
) -> bool {
    // Asked of every event: the target tells nearly all apart. It is open to all, the module is not.
    let is_access = metadata.target() == ACCESS_TARGET && metadata.module_path() == Some(MODULE);
    if !is_access || style.format != LineFormat::Json || is_in_span() {
        return false;
    }
    let Scratch { line, clock, sites, .. } = scratch;
    let written = Ready::lend(|ready| {
        // Without a trace of its own, the line is of whichever span is active.
        if !ready.is_traced && active_span.ids().is_some() {
            return None;
        }
        line.clear();
        clock.write_now(line);
        // The target is short, and this crate's own.
        let _ = sites.site(metadata).write(None, line);
        line.extend_from_slice(ENCODED_MESSAGE);
        line.extend_from_slice(ready.ids());
        line.extend_from_slice(&style.service);
        if style.location == SourceLocation::Included {
            let _ = Origin::PROGRAM.write_location(metadata, line);
        }
        line.extend_from_slice(ready.fields());
        line.extend_from_slice(b"}\n");
        Some(())
    });
    written.is_some()
}
