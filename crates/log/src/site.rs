//! What is the same for every line of one call site.

use std::fmt;
use std::ptr;

use tower_telemetry_core::names::field;
use tracing::Metadata;
use tracing::field::Field;

use crate::json::{self, Fit};
use crate::key::Key;
use crate::line::is_ever_fixed;

/// Call sites that a thread remembers. Two that fall on one place take turns.
const PLACES: usize = 128;

/// The call sites that a thread logged at.
#[derive(Default)]
pub(crate) struct Sites(Vec<Site>);

/// Level, target and keys of the events of one call site, as text.
#[derive(Clone, Default)]
pub(crate) struct Site {
    metadata: Option<&'static Metadata<'static>>,
    /// What stands between the time and the message.
    text: Vec<u8>,
    fit: Fit,
    keys: Vec<SiteKey>,
    pub(crate) names: Names,
    pub(crate) shape: Shape,
}

#[derive(Clone, Debug)]
struct SiteKey {
    key: Key,
    /// As `,"key":"`, with the quote that a text begins with; empty where it is the message, which the line writes itself.
    text: Box<[u8]>,
}

/// What is known of the names of a call site's fields.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Names {
    /// No two are the same, and none is of those that the line may tell itself.
    Plain,
    /// Each must be looked at.
    #[default]
    Mixed,
}

/// In which order a call site tells its fields.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Shape {
    /// The names are plain, and the message, if there is one, comes first: as the line has it.
    MessageFirst,
    /// Otherwise.
    #[default]
    Other,
}

impl Sites {
    /// The site of these metadata.
    #[inline]
    pub(crate) fn site(&mut self, metadata: &'static Metadata<'static>) -> &Site {
        if self.0.is_empty() {
            self.0.resize(PLACES, Site::default());
        }
        // Metadata are large and aligned: what tells neighbours apart stands above the lowest bits.
        let address = ptr::from_ref(metadata) as usize;
        let Some(site) = self.0.get_mut((address >> 4 ^ address >> 11) % PLACES) else {
            return const { &Site::NONE };
        };
        if !site.metadata.is_some_and(|known| ptr::eq(known, metadata)) {
            site.learn(metadata);
        }
        site
    }
}

impl Site {
    const NONE: Self = Self {
        metadata: None,
        text: Vec::new(),
        fit: Fit::Whole,
        keys: Vec::new(),
        names: Names::Mixed,
        shape: Shape::Other,
    };

    #[cold]
    fn learn(&mut self, metadata: &'static Metadata<'static>) {
        let Self { metadata: known, text, fit, keys, names, shape } = self;
        *known = Some(metadata);
        text.clear();
        keys.clear();
        write_level(metadata, text);
        *fit = json::string(text, metadata.target());
        *names = Names::Plain;
        for field in metadata.fields() {
            let key = Key::new(field.name());
            if is_ever_fixed(key) || keys.iter().any(|other| other.key == key) {
                *names = Names::Mixed;
            }
            let mut text = Vec::new();
            if key.name != field::MESSAGE && json::key(&mut text, field.name()) == Fit::Cut {
                *names = Names::Mixed;
            }
            if key.name != field::MESSAGE {
                text.push(b'"');
            }
            keys.push(SiteKey { key, text: text.into() });
        }
        let is_late = keys.iter().skip(1).any(|late| late.key.name == field::MESSAGE);
        *shape = if *names == Names::Plain && !is_late { Shape::MessageFirst } else { Shape::Other };
    }

    /// Appends what stands between the time and the message. An event of the `log` crate has a target of its own.
    #[inline]
    pub(crate) fn write(&self, target: Option<(&[u8], Fit)>, line: &mut Vec<u8>) -> Fit {
        if let (Some((encoded, fit)), Some(metadata)) = (target, self.metadata) {
            write_level(metadata, line);
            line.extend_from_slice(encoded);
            return fit;
        }
        line.extend_from_slice(&self.text);
        self.fit
    }

    /// The text `,"key":"` of a field of this site; empty for the message.
    #[inline]
    pub(crate) fn key_text(&self, field: &Field) -> &[u8] {
        self.keys.get(field.index()).map_or(&[], |key| &key.text)
    }

    /// A field of this site, with its text `,"key":`, where it is known.
    pub(crate) fn key(&self, field: &Field) -> Option<(Key, &[u8])> {
        let SiteKey { key, text } = self.keys.get(field.index())?;
        Some((*key, text.strip_suffix(b"\"")?))
    }
}

fn write_level(metadata: &Metadata<'_>, out: &mut Vec<u8>) {
    out.extend_from_slice(b"\",\"level\":\"");
    out.extend_from_slice(metadata.level().as_str().as_bytes());
    out.extend_from_slice(b"\",\"target\":");
}

impl fmt::Debug for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Site").field("keys", &self.keys).finish_non_exhaustive()
    }
}

impl fmt::Debug for Sites {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Sites").field(&self.0.len()).finish()
    }
}
