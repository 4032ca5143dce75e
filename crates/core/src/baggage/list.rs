//! The list of what the services of one request tell each other.

use std::borrow::Cow;
use std::fmt;

use http::HeaderValue;

use crate::baggage::draft::Draft;
use crate::baggage::error::BaggageError;
use crate::baggage::grammar::{self, Wire, is_token, split};
use crate::baggage::member::Member;
use crate::baggage::percent;

/// A list of members, `key=value` with properties each; empty by default.
///
/// At most 64 members and 8192 bytes as it is sent. A clone is shared. Equality is that of the members, decoded.
#[derive(Clone, Default)]
pub struct Baggage {
    /// Valid and with at least one member, else `None`.
    pub(super) text: Option<HeaderValue>,
}

impl Baggage {
    /// What to send on: `None` if there is no member. No copy is made.
    #[must_use]
    pub fn to_header_value(&self) -> Option<HeaderValue> {
        self.text.clone()
    }

    /// Whether there is no member.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.text.is_none()
    }

    /// The members in their order; a key may occur more than once.
    pub fn iter(&self) -> impl Iterator<Item = Member<'_>> {
        self.members().map(Member)
    }

    /// The value of the last member with this key, decoded.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<Cow<'_, str>> {
        self.iter().filter(|member| member.key() == key).last().map(|member| member.value())
    }

    /// This list with the member `key=value`, in the place of those that had the key, else last.
    ///
    /// # Errors
    ///
    /// If the key is no token, or a limit would be exceeded.
    pub fn with(&self, key: &str, value: &str) -> Result<Self, BaggageError> {
        self.with_metadata(key, value, "")
    }

    /// As [`with`](Self::with), with properties, as [`Member::metadata`] writes them.
    ///
    /// What a value of a property must not hold is encoded.
    ///
    /// # Errors
    ///
    /// If a key is no token, or a limit would be exceeded.
    pub fn with_metadata(&self, key: &str, value: &str, metadata: &str) -> Result<Self, BaggageError> {
        if !is_token(key.as_bytes()) {
            return Err(BaggageError::Key);
        }
        let properties = write_properties(metadata)?;
        let own = |text: &mut Vec<u8>| {
            text.extend_from_slice(key.as_bytes());
            text.push(b'=');
            text.extend_from_slice(percent::encode(value).as_bytes());
            text.extend_from_slice(&properties);
        };
        let mut draft = Draft::default();
        let mut is_written = false;
        for member in self.members() {
            if member.key != key.as_bytes() {
                draft.push(member)?;
            } else if !is_written {
                draft.add(own)?;
                is_written = true;
            }
        }
        if !is_written {
            draft.add(own)?;
        }
        Ok(Self { text: draft.finish() })
    }

    /// The members whose keys are wanted, in their order; the list itself, shared, where all are.
    #[must_use]
    pub fn only(&self, mut wanted: impl FnMut(&str) -> bool) -> Self {
        let mut draft = Draft::default();
        let mut is_whole = true;
        for member in self.iter() {
            if wanted(member.key()) {
                // It fitted before.
                let _ = draft.push(member.0);
            } else {
                is_whole = false;
            }
        }
        if is_whole { self.clone() } else { Self { text: draft.finish() } }
    }

    fn members(&self) -> impl Iterator<Item = Wire<'_>> {
        split(self.text.as_ref().map_or(&[], HeaderValue::as_bytes)).filter_map(Wire::of_valid)
    }
}

/// `;key=value` for each property.
fn write_properties(metadata: &str) -> Result<Vec<u8>, BaggageError> {
    let mut text = Vec::new();
    for (key, value) in grammar::properties(metadata.as_bytes()) {
        if !is_token(key) {
            return Err(BaggageError::Key);
        }
        text.push(b';');
        text.extend_from_slice(key);
        if let Some(value) = value {
            text.push(b'=');
            text.extend_from_slice(percent::encode(&percent::decode(value)).as_bytes());
        }
    }
    Ok(text)
}

impl PartialEq for Baggage {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl Eq for Baggage {}

impl fmt::Debug for Baggage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

#[cfg(test)]
#[allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::baggage::draft::{LENGTH_LIMIT, MEMBER_LIMIT};

    fn of(line: &str) -> Baggage {
        let (baggage, refused) = Baggage::parse(line.as_bytes());
        assert_eq!(refused, 0, "{line:?}");
        baggage
    }

    fn sent(baggage: &Baggage) -> String {
        baggage.to_header_value().map_or_else(String::new, |text| text.to_str().unwrap().to_owned())
    }

    #[test]
    fn a_member_is_replaced_in_its_place_and_a_new_one_is_last() {
        let baggage = of("a=1;p,b=2,a=3;q=%20");
        assert_eq!(sent(&baggage.with("a", "4").unwrap()), "a=4,b=2");
        assert_eq!(sent(&baggage.with("c", "5, 6").unwrap()), "a=1;p,b=2,a=3;q=%20,c=5%2C%206");
        assert_eq!(sent(&Baggage::default().with("a", "").unwrap()), "a=");
        assert_eq!(baggage.get("a").as_deref(), Some("3"));
    }

    #[test]
    fn properties_are_written_as_they_are_read() {
        let baggage = Baggage::default().with_metadata("k", "v", " a ; b = x%2Cy z ;;c=50%").unwrap();
        assert_eq!(sent(&baggage), "k=v;a;b=x%2Cy%20z;c=50%25");
        assert_eq!(baggage.iter().next().unwrap().metadata(), "a;b=x%2Cy%20z;c=50%25");
        assert_eq!(Baggage::default().with_metadata("k", "v", "a b"), Err(BaggageError::Key));
        assert_eq!(Baggage::default().with_metadata("k", "v", "a,b"), Err(BaggageError::Key));
    }

    #[test]
    fn a_key_that_is_no_token_is_refused() {
        for key in ["", "a b", "a=b", "a,b", "\u{e9}", "a\r\n", "a;b", "\"a\""] {
            assert_eq!(Baggage::default().with(key, "1"), Err(BaggageError::Key), "{key:?}");
        }
    }

    #[test]
    fn the_limits_hold_for_what_is_added() {
        let line = (0..MEMBER_LIMIT).map(|n| format!("k{n}=v")).collect::<Vec<_>>().join(",");
        let full = of(&line);
        assert_eq!(full.with("other", "1"), Err(BaggageError::TooManyMembers));
        assert_eq!(full.with("k3", "w").unwrap().iter().count(), MEMBER_LIMIT);
        let long = Baggage::default().with("a", &"x".repeat(LENGTH_LIMIT - 2)).unwrap();
        assert_eq!(long.to_header_value().unwrap().len(), LENGTH_LIMIT);
        assert_eq!(long.with("b", ""), Err(BaggageError::TooLong));
        assert_eq!(Baggage::default().with("a", &"x".repeat(LENGTH_LIMIT - 1)), Err(BaggageError::TooLong));
    }

    #[test]
    fn only_the_wanted_members_are_kept() {
        let baggage = of("a=1, b=2;p ,c=3");
        assert_eq!(sent(&baggage.only(|key| key != "a")), "b=2;p,c=3");
        assert!(baggage.only(|_| false).is_empty());
        let whole = baggage.only(|_| true);
        assert_eq!(whole.text.unwrap().as_bytes().as_ptr(), baggage.text.unwrap().as_bytes().as_ptr());
    }

    proptest! {
        #[test]
        fn what_is_put_is_read_back_after_the_wire(
            members in proptest::collection::vec(("[a-z!#$%&'*+.^_`|~-]{1,8}", any::<String>(), "[a-z]{1,4}"), 0..20),
        ) {
            let mut baggage = Baggage::default();
            for (key, value, property) in &members {
                baggage = baggage.with_metadata(key, value, property).unwrap();
            }
            let (read, refused) = Baggage::parse(sent(&baggage).as_bytes());
            prop_assert_eq!((&read, refused), (&baggage, 0));
            for (key, ..) in &members {
                let (_, value, property) = members.iter().rev().find(|(other, ..)| other == key).unwrap();
                prop_assert_eq!(read.get(key).unwrap(), value.as_str());
                let member = read.iter().find(|member| member.key() == key).unwrap();
                prop_assert_eq!(&member.metadata(), property);
            }
        }
    }
}
