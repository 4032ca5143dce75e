//! An access line that is written in one go.

use tracing::Metadata;

use crate::access::line::{ACCESS_TARGET, AccessLine, ENCODED_MESSAGE, MODULE};
use crate::access::ready::Ready;
use crate::access::site::Site;
use crate::access::{beginnings, encoded};
use crate::active_span::ActiveSpan;
use crate::context::has_notes;
use crate::format::{LineFormat, SourceLocation};
use crate::ids_text;
use crate::json::Fit;
use crate::line::{END, Style};
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
        line.extend_from_slice(END);
        Some(())
    });
    written.is_some()
}

/// Writes the line of this exchange into the scratch, straight, under the same conditions: that nothing may hide a field, and
/// nothing is cut. It tells no place in the source.
pub(super) fn compose(
    scratch: &mut Scratch,
    style: &Style,
    active_span: ActiveSpan,
    site: &Site,
    told: &AccessLine<'_>,
) -> bool {
    let AccessLine { exchange, .. } = *told;
    let ids = exchange.trace();
    if has_notes(exchange) || ids.is_none() && active_span.ids().is_some() {
        return false;
    }
    let Scratch { line, clock, .. } = scratch;
    line.clear();
    clock.write(told.ended().time_of_day(), line);
    line.extend_from_slice(site.text.as_bytes());
    ids_text::write(ids.as_ref(), exchange.request_id(), line);
    line.extend_from_slice(&style.service);
    let fit = beginnings::write(told, line);
    encoded::fields(told, line);
    line.extend_from_slice(END);
    fit == Fit::Whole
}
