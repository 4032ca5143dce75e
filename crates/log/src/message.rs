//! The message of an event, apart from its fields: it stands before them.

use crate::json::Fit;

/// An encoded message, if there is one.
#[derive(Debug, Default)]
pub(crate) struct Message {
    text: Vec<u8>,
    fit: Fit,
}

impl Message {
    /// Takes this in place of what stands.
    pub(crate) fn put(&mut self, encode: impl FnOnce(&mut Vec<u8>) -> Fit) {
        self.text.clear();
        self.fit = encode(&mut self.text);
    }

    pub(crate) fn clear(&mut self) {
        let Self { text, fit } = self;
        text.clear();
        *fit = Fit::Whole;
    }

    /// The encoded value, and whether it is whole.
    pub(crate) fn value(&self) -> Option<(&[u8], Fit)> {
        (!self.text.is_empty()).then_some((self.text.as_slice(), self.fit))
    }
}
