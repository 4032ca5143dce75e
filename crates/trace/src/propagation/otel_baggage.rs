//! Between our baggage, which keeps order, properties and duplicates, and OpenTelemetry's, which does not.
//!
//! What came in travels in the context as it came. OpenTelemetry's own [`Baggage`] stands beside it, for it is what
//! users read and write; what they changed there is told from it when the next request goes out.

use opentelemetry::Context;
use opentelemetry::baggage::{Baggage as UserBaggage, BaggageExt};
use tower_telemetry_core::Baggage;
use tower_telemetry_core::baggage::Member;

/// What users are to read: of members with the same key the last.
pub(crate) fn to_users(baggage: &Baggage) -> UserBaggage {
    let mut users = UserBaggage::new();
    for member in baggage.iter() {
        users.insert_with_metadata(member.key().to_owned(), member.value().into_owned(), member.metadata());
    }
    users
}

/// What came in, with what users changed since: removed members are gone, changed ones stand in their place, and new
/// ones follow, by their keys in order.
pub(crate) fn with_changes(came: &Baggage, context: &Context) -> Baggage {
    let users = context.baggage();
    let members: Vec<_> = came.iter().collect();
    if members.len() == users.len() && members.iter().all(|member| is_as_users_read(member, users)) {
        // As many keys as members: none is repeated, and none is new.
        return came.clone();
    }
    let mut all = came.only(|key| users.get(key).is_some());
    let is_changed = |key: &str| {
        let last = members.iter().rev().find(|member| member.key() == key);
        last.is_none_or(|member| !is_as_users_read(member, users))
    };
    let mut changed: Vec<_> = users
        .iter()
        .map(|(key, (value, metadata))| (key.as_str(), value.as_str(), metadata.as_str()))
        .filter(|(key, ..)| is_changed(key))
        .collect();
    changed.sort_unstable();
    for (key, value, metadata) in changed {
        // Metadata that is no list of properties is left out; a member beyond the limits is not sent.
        let with = all.with_metadata(key, value, metadata).or_else(|_| all.with(key, value));
        all = with.unwrap_or(all);
    }
    all
}

fn is_as_users_read(member: &Member<'_>, users: &UserBaggage) -> bool {
    users.get_with_metadata(member.key()).is_some_and(|(value, metadata)| {
        value.as_str() == member.value() && metadata.as_str() == member.metadata()
    })
}
