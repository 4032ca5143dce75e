//! What is the same for every line of one call site.

use std::fmt;
use std::ptr;

use tracing::Metadata;

use crate::json::{self, Fit};

/// Call sites that a thread remembers. Two that fall on one place take turns.
const PLACES: usize = 128;

/// The level and the target of the call sites that a thread logged at, as text.
#[derive(Default)]
pub(crate) struct Sites(Vec<Site>);

#[derive(Clone, Default)]
struct Site {
    metadata: Option<&'static Metadata<'static>>,
    text: Vec<u8>,
    fit: Fit,
}

impl Sites {
    /// Appends what stands between the time and the message. An event of the `log` crate has a target of its own.
    pub(crate) fn write(
        &mut self,
        metadata: &'static Metadata<'static>,
        target: Option<(&[u8], Fit)>,
        line: &mut Vec<u8>,
    ) -> Fit {
        if let Some((encoded, fit)) = target {
            write_level(metadata, line);
            line.extend_from_slice(encoded);
            return fit;
        }
        if self.0.is_empty() {
            self.0.resize(PLACES, Site::default());
        }
        // Metadata are large and aligned: what tells neighbours apart stands above the lowest bits.
        let address = ptr::from_ref(metadata) as usize;
        let Some(site) = self.0.get_mut((address >> 4 ^ address >> 11) % PLACES) else { return Fit::Whole };
        if !site.metadata.is_some_and(|known| ptr::eq(known, metadata)) {
            site.metadata = Some(metadata);
            site.text.clear();
            write_level(metadata, &mut site.text);
            site.fit = json::string(&mut site.text, metadata.target());
        }
        line.extend_from_slice(&site.text);
        site.fit
    }
}

fn write_level(metadata: &Metadata<'_>, out: &mut Vec<u8>) {
    out.extend_from_slice(b"\",\"level\":\"");
    out.extend_from_slice(metadata.level().as_str().as_bytes());
    out.extend_from_slice(b"\",\"target\":");
}

impl fmt::Debug for Sites {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Sites").field(&self.0.len()).finish()
    }
}
