//! Label sets that differ, and are written the same: `a.b` and `a_b` are one name in most escapings.

use super::label::Label;
use crate::expose::name;

/// Whether two names of these sets are written the same. A family has few names and many series: each is looked at once.
pub(super) fn some<'a>(sets: impl Iterator<Item = &'a [Label]>) -> bool {
    let mut names: Vec<&str> = Vec::new();
    for label in sets.flatten() {
        if !names.contains(&label.name()) {
            names.push(label.name());
        }
    }
    let mut written: Vec<String> = names.iter().map(|name| name::label(name)).collect();
    written.sort_unstable();
    written.windows(2).any(|pair| pair.first() == pair.last())
}

/// A set as a page may have it; the values of names that collide are joined, in the order of their original names.
pub(super) fn written(labels: &[Label]) -> Vec<(String, String)> {
    let mut written: Vec<(String, String)> = Vec::with_capacity(labels.len());
    for label in labels {
        let name = name::label(label.name());
        label.value().with_str(|value| match written.iter_mut().find(|(other, _)| *other == name) {
            Some((_, joined)) => {
                joined.push(';');
                joined.push_str(value);
            }
            None => written.push((name, value.to_owned())),
        });
    }
    written.sort_unstable();
    written
}
