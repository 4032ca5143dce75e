//! What of a list is sent on.

use http::HeaderValue;

use crate::trace_state::state::TraceState;

/// How much is sent on, in bytes: what the standard asks every system to pass.
const SEND_LIMIT: usize = 512;
/// Members above this length, in bytes, are the first to go when the list is too long to be sent.
const LONG_MEMBER: usize = 128;

impl TraceState {
    /// What to send on: `None` if there is no member, since an empty `tracestate` should not be sent.
    ///
    /// A list of at most 512 bytes is sent as it is, without a copy. From a longer one whole members are dropped until
    /// it fits: first those above 128 bytes, then any, from the end each time.
    #[must_use]
    pub fn to_header_value(&self) -> Option<HeaderValue> {
        let text = self.text.as_ref()?;
        if text.len() <= SEND_LIMIT {
            return Some(text.clone());
        }
        let mut members: Vec<_> = self.members().collect();
        let mut excess = joined_length(&members).saturating_sub(SEND_LIMIT);
        for shortest in [LONG_MEMBER + 1, 0] {
            for index in (0..members.len()).rev() {
                if excess == 0 {
                    break;
                }
                if members.get(index).is_some_and(|member| member.len() >= shortest) {
                    let comma = usize::from(members.len() > 1);
                    excess = excess.saturating_sub(members.remove(index).len() + comma);
                }
            }
        }
        Self::join(members).text
    }
}

/// The length of the members with the commas between them.
fn joined_length(members: &[&[u8]]) -> usize {
    members.iter().map(|member| member.len()).sum::<usize>() + members.len().saturating_sub(1)
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
    use crate::trace_state::TraceStateError;
    use crate::trace_state::members::MEMBER_LIMIT;
    use crate::trace_state::scenario::{accepts, any_member, members, of, sent};

    #[test]
    fn a_list_of_512_bytes_is_sent_whole() {
        let line = members(19, 26).join(",");
        assert_eq!(line.len(), 512);
        let state = of(&[&line]).unwrap();
        assert_eq!(state.to_header_value().unwrap(), line);
        // The very same bytes, not a list put together anew.
        let again = (state.to_header_value().unwrap(), state.to_header_value().unwrap());
        assert_eq!(again.0.as_bytes().as_ptr(), again.1.as_bytes().as_ptr());
    }

    #[test]
    fn a_member_that_cannot_be_sent_alone_leaves_nothing_to_send() {
        let state = of(&[&format!("{}={}", "k".repeat(256), "v".repeat(256))]).unwrap();
        assert!(!state.is_empty());
        assert_eq!(state.to_header_value(), None);
    }

    #[test]
    fn white_space_is_dropped_before_any_member_is() {
        let list = members(19, 26);
        accepts(&[&list.join(" , ")], &list.join(","));
    }

    #[test]
    fn long_members_are_dropped_first_and_then_the_last_ones() {
        let mut list = members(20, 26);
        accepts(&[&list.join(",")], &list[..19].join(","));

        // 128 characters are not yet long.
        let long = |length: usize| format!("long={}", "v".repeat(length - 5));
        list.insert(1, long(128));
        accepts(&[&list.join(",")], &list[..15].join(","));
        list[1] = long(129);
        accepts(&[&list.join(",")], &[&list[..1], &list[2..20]].concat().join(","));
    }

    #[test]
    fn of_long_members_just_as_many_are_dropped_as_needed() {
        let [a, b, c] = ["a", "b", "c"].map(|key| format!("{key}={}", "v".repeat(200)));
        let line = [&a, "x=1", &b, &c, "y=2"].join(",");
        accepts(&[&line], &[&a, "x=1", &b, "y=2"].join(","));
    }

    proptest! {
        #[test]
        fn what_is_sent_is_bounded_and_reads_back_as_some_of_the_members(
            list in proptest::collection::vec(any_member(), 0..40),
        ) {
            let line = list.iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join(" ,,");
            match of(&[&line]) {
                Ok(state) => {
                    let is_first = |at: usize| list[..at].iter().all(|(key, _)| *key != list[at].0);
                    let first: Vec<_> = (0..list.len()).filter(|at| is_first(*at)).map(|at| &list[at]).collect();
                    prop_assert!(state.iter().eq(first.iter().map(|(key, value)| (key.as_str(), value.as_str()))));
                    let sent = sent(&state);
                    prop_assert!(sent.len() <= SEND_LIMIT);
                    let kept = TraceState::parse(sent.as_bytes()).unwrap();
                    let mut all = state.iter();
                    prop_assert!(kept.iter().all(|member| all.any(|other| other == member)), "a member is changed");
                }
                Err(error) => {
                    prop_assert_eq!(error, TraceStateError::TooManyMembers);
                    prop_assert!(list.len() > MEMBER_LIMIT);
                }
            }
        }
    }
}
