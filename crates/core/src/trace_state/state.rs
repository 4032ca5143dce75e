//! The list of what other tracing systems say.

use std::{fmt, iter};

use http::{HeaderMap, HeaderValue};

use crate::names::header::TRACESTATE;
use crate::trace_state::error::TraceStateError;
use crate::trace_state::members::{
    Checked, Keys, MEMBER_LIMIT, check, check_key, check_value, key_of, split, unique,
};

/// A valid list of members, `key=value` each, the latest writer first; empty by default.
///
/// Equality is that of the members; white space around them and empty ones do not count.
#[derive(Clone, Default)]
pub struct TraceState {
    /// Valid and with at least one member, else `None`.
    pub(super) text: Option<HeaderValue>,
}

impl TraceState {
    /// Reads the value of a `tracestate` header that came in one line.
    ///
    /// Empty members and white space around members are legal and ignored. Of members with the same key the first,
    /// which is of the latest writer, is kept: the standard wants keys to be unique, and a state not to be lost for
    /// one that is not. Never panics.
    ///
    /// # Errors
    ///
    /// If a rule of the standard is broken; see [`TraceStateError`].
    pub fn parse(line: &[u8]) -> Result<Self, TraceStateError> {
        check(split(line))?;
        Ok(Self::join(unique(split(line))))
    }

    /// Reads all `tracestate` headers, joined in their order; empty where there are none.
    ///
    /// Costs no allocation if there are none, or one line only, whose value is then shared.
    ///
    /// # Errors
    ///
    /// As [`parse`](Self::parse), of the whole.
    pub fn from_headers(headers: &HeaderMap) -> Result<Self, TraceStateError> {
        let lines = headers.get_all(TRACESTATE);
        let members = || lines.iter().flat_map(|line| split(line.as_bytes()));
        let Checked { count, keys } = check(members())?;
        if count == 0 {
            return Ok(Self::default());
        }
        let mut each = lines.iter();
        match (each.next(), each.next()) {
            (Some(only), None) if keys == Keys::Unique => Ok(Self { text: Some(only.clone()) }),
            _ => Ok(Self::join(unique(members()))),
        }
    }

    /// Whether there is no member.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.text.is_none()
    }

    /// The value of the member with this key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&str> {
        self.iter().find_map(|(name, value)| (name == key).then_some(value))
    }

    /// Keys and values in their order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.members().filter_map(|member| str::from_utf8(member).ok()?.split_once('='))
    }

    /// This list with the member `key=value` put first, in place of the one that had the key.
    ///
    /// If that makes 33 members, the last one goes.
    ///
    /// # Errors
    ///
    /// [`TraceStateError::Key`] or [`TraceStateError::Value`], if they are not legal.
    pub fn with(&self, key: &str, value: &str) -> Result<Self, TraceStateError> {
        check_key(key.as_bytes())?;
        check_value(value.as_bytes())?;
        let own = format!("{key}={value}");
        let others = self.members().filter(|member| key_of(member) != key.as_bytes()).take(MEMBER_LIMIT - 1);
        Ok(Self::join(iter::once(own.as_bytes()).chain(others)))
    }

    /// This list without the member that has this key.
    #[must_use]
    pub fn without(&self, key: &str) -> Self {
        Self::join(self.members().filter(|member| key_of(member) != key.as_bytes()))
    }

    /// The members whose keys are wanted, in their order; the list itself, shared, where all are.
    #[must_use]
    pub fn only(&self, mut wanted: impl FnMut(&str) -> bool) -> Self {
        let mut is_wanted = |member: &&[u8]| wanted(str::from_utf8(key_of(member)).unwrap_or_default());
        if self.members().all(|member| is_wanted(&member)) {
            return self.clone();
        }
        Self::join(self.members().filter(is_wanted))
    }

    pub(super) fn members(&self) -> impl Iterator<Item = &[u8]> {
        split(self.text.as_ref().map_or(&[], HeaderValue::as_bytes))
    }

    /// A list of valid members, in its shortest form.
    pub(super) fn join<'a>(members: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let mut text = Vec::new();
        for member in members {
            if !text.is_empty() {
                text.push(b',');
            }
            text.extend_from_slice(member);
        }
        // Valid members are visible ASCII and spaces, which every header may hold.
        Self { text: HeaderValue::try_from(text).ok().filter(|text| !text.is_empty()) }
    }
}

impl PartialEq for TraceState {
    fn eq(&self, other: &Self) -> bool {
        self.members().eq(other.members())
    }
}

impl Eq for TraceState {}

impl fmt::Debug for TraceState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
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
    use crate::trace_state::scenario::{accepts, any_member, headers, members, of, sent};

    #[test]
    fn a_single_line_is_sent_on_as_it_came_without_a_copy() {
        let headers = headers(&["foo=1 \t , \t bar=2, ,"]);
        let state = TraceState::from_headers(&headers).unwrap();
        let (inbound, outbound) = (&headers[TRACESTATE], state.to_header_value().unwrap());
        assert_eq!(inbound, outbound);
        assert_eq!(inbound.as_bytes().as_ptr(), outbound.as_bytes().as_ptr());
        assert_eq!(state.iter().collect::<Vec<_>>(), [("foo", "1"), ("bar", "2")]);
        assert_eq!(format!("{state:?}"), r#"{"foo": "1", "bar": "2"}"#);
    }

    #[test]
    fn nothing_is_sent_on_for_an_absent_or_empty_header() {
        for lines in [&[][..], &[""], &["", ""], &[" \t", ",,"]] {
            let state = of(lines).unwrap();
            assert!(state.is_empty());
            assert_eq!(state.to_header_value(), None);
            assert_eq!(state.iter().next(), None);
        }
        assert!(TraceState::parse(b" ,").unwrap().is_empty());
    }

    #[test]
    fn several_lines_are_joined_in_their_order() {
        accepts(&["foo=1,bar=2", "rojo=1,congo=2", "baz=3"], "foo=1,bar=2,rojo=1,congo=2,baz=3");
        accepts(&["foo=1", ""], "foo=1");
        accepts(&["", "foo=1"], "foo=1");
    }

    #[test]
    fn white_space_around_members_is_ignored() {
        for line in
            ["foo=1 \t , \t bar=2, \t baz=3", "foo=1\t \t,\t \tbar=2,\t \tbaz=3", " foo=1,bar=2,baz=3 \t"]
        {
            let state = of(&[line]).unwrap();
            assert_eq!(
                state.iter().collect::<Vec<_>>(),
                [("foo", "1"), ("bar", "2"), ("baz", "3")],
                "{line:?}"
            );
            assert_eq!(state, TraceState::parse(b"foo=1,bar=2,baz=3").unwrap());
        }
    }

    #[test]
    fn spaces_at_the_beginning_of_a_value_are_its_own() {
        assert_eq!(of(&["foo=  1 x  ,bar=2"]).unwrap().get("foo"), Some("  1 x"));
    }

    #[test]
    fn an_own_member_is_put_first_and_replaces_the_old_one() {
        let state = of(&["a=1, b=2 ,,c=3"]).unwrap();
        assert_eq!(sent(&state.with("d", "4").unwrap()), "d=4,a=1,b=2,c=3");
        assert_eq!(sent(&state.with("b", "5").unwrap()), "b=5,a=1,c=3");
        assert_eq!(sent(&TraceState::default().with("a", "1").unwrap()), "a=1");
        assert_eq!(state.with("A", "1"), Err(TraceStateError::Key));
        assert_eq!(state.with("a", "1,b=2"), Err(TraceStateError::Value));
        assert_eq!(state.with("a", "1 "), Err(TraceStateError::Value));
        assert_eq!(state.with("a", ""), Err(TraceStateError::Value));
        assert_eq!(state.with("a", "1\r\n"), Err(TraceStateError::Value));
    }

    #[test]
    fn a_member_is_taken_out_and_the_others_stay_in_their_order() {
        let state = of(&["a=1, b=2 ,,c=3"]).unwrap();
        assert_eq!(sent(&state.without("b")), "a=1,c=3");
        assert_eq!(state.without("d"), state);
        assert!(TraceState::parse(b"a=1").unwrap().without("a").is_empty());
    }

    #[test]
    fn only_the_wanted_members_are_kept() {
        let state = of(&["a=1, b=2 ,,c=3"]).unwrap();
        assert_eq!(sent(&state.only(|key| key != "b")), "a=1,c=3");
        assert_eq!(sent(&state.only(|_| true)), "a=1, b=2 ,,c=3");
        assert!(state.only(|_| false).is_empty());
    }

    #[test]
    fn a_33rd_member_displaces_the_last_one() {
        let state = TraceState::parse(members(32, 4).join(",").as_bytes()).unwrap();
        let state = state.with("own", "1").unwrap();
        assert_eq!(state.iter().count(), 32);
        assert_eq!((state.get("own"), state.get("30"), state.get("31")), (Some("1"), Some("v"), None));
        // Replacing one displaces none.
        assert_eq!(state.with("30", "w").unwrap().iter().count(), 32);
    }

    proptest! {
        #[test]
        fn arbitrary_bytes_never_panic(bytes: Vec<u8>) {
            if let Ok(state) = TraceState::parse(&bytes) {
                let _ = state.to_header_value();
            }
        }

        #[test]
        fn a_string_that_is_almost_a_list_is_read_as_it_is_sent(text in "[a-c=, \t@A]{0,60}") {
            if let Ok(state) = TraceState::parse(text.as_bytes()) {
                prop_assert_eq!(TraceState::parse(sent(&state).as_bytes()), Ok(state));
            }
        }

        #[test]
        fn a_member_that_is_put_is_found((key, value) in any_member(), (other, _) in any_member()) {
            let state = TraceState::parse(format!("{other}=x").as_bytes()).unwrap().with(&key, &value).unwrap();
            prop_assert_eq!(state.get(&key), Some(value.as_str()));
            prop_assert_eq!(state.iter().next(), Some((key.as_str(), value.as_str())));
            prop_assert!(state.get(&other).is_some());
        }
    }
}
