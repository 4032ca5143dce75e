//! A list that is being put together, within its limits.

use http::HeaderValue;

use crate::baggage::error::BaggageError;
use crate::baggage::grammar::Wire;
use crate::baggage::percent;

/// The most members that are read, kept and sent: what the standard asks every system to pass.
pub(super) const MEMBER_LIMIT: usize = 64;
/// The longest list, in bytes, commas included: what the standard asks every system to pass.
pub(super) const LENGTH_LIMIT: usize = 8192;

/// Members in their shortest form; one that does not fit is left out as a whole.
#[derive(Default)]
pub(super) struct Draft {
    text: Vec<u8>,
    count: usize,
}

impl Draft {
    /// Adds a member as it came, but for white space; encodes what its sender had to encode.
    pub(super) fn push(&mut self, member: Wire<'_>) -> Result<(), BaggageError> {
        self.add(|text| {
            text.extend_from_slice(member.key);
            text.push(b'=');
            mend(text, member.value);
            for (key, value) in member.properties() {
                text.push(b';');
                text.extend_from_slice(key);
                if let Some(value) = value {
                    text.push(b'=');
                    mend(text, value);
                }
            }
        })
    }

    /// Adds what `write` writes.
    pub(super) fn add(&mut self, write: impl FnOnce(&mut Vec<u8>)) -> Result<(), BaggageError> {
        if self.count >= MEMBER_LIMIT {
            return Err(BaggageError::TooManyMembers);
        }
        let before = self.text.len();
        if before > 0 {
            self.text.push(b',');
        }
        write(&mut self.text);
        if self.text.len() > LENGTH_LIMIT {
            self.text.truncate(before);
            return Err(BaggageError::TooLong);
        }
        self.count += 1;
        Ok(())
    }

    /// The list; `None` if it is empty.
    pub(super) fn finish(self) -> Option<HeaderValue> {
        // Keys are tokens and values octets of baggage: a header may hold all of them.
        HeaderValue::try_from(self.text).ok().filter(|text| !text.is_empty())
    }
}

/// The wire form to the letter, where it may be sent so.
fn mend(text: &mut Vec<u8>, wire: &[u8]) {
    if percent::is_encoded(wire) {
        text.extend_from_slice(wire);
    } else {
        text.extend_from_slice(percent::encode(&percent::decode(wire)).as_bytes());
    }
}
