//! The colours of a terminal, or none.

/// Whether parts of a line are painted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ink {
    None,
    /// By the escape sequences of ECMA-48, "Select Graphic Rendition".
    Ansi,
}

pub(crate) const FAINT: &[u8] = b"\x1b[2m";
pub(crate) const BOLD: &[u8] = b"\x1b[1m";
pub(crate) const RED: &[u8] = b"\x1b[31m";
pub(crate) const GREEN: &[u8] = b"\x1b[32m";
pub(crate) const YELLOW: &[u8] = b"\x1b[33m";
pub(crate) const CYAN: &[u8] = b"\x1b[36m";
pub(crate) const BLUE: &[u8] = b"\x1b[34m";
const PLAIN: &[u8] = b"\x1b[0m";

impl Ink {
    /// Paints what `write` writes.
    pub(crate) fn paint(self, line: &mut Vec<u8>, colour: &[u8], write: impl FnOnce(&mut Vec<u8>)) {
        if self == Self::None {
            return write(line);
        }
        line.extend_from_slice(colour);
        write(line);
        line.extend_from_slice(PLAIN);
    }
}
