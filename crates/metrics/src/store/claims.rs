//! Which family owns which name of the exposition.

use std::borrow::Cow;
use std::collections::HashMap;

use super::descriptor::{Descriptor, Kind};
use crate::expose::name;

/// The written names, each with the dotted name that took it first.
///
/// Two families whose dotted names differ may be written alike (`a.b` and `a_b`, or a gauge `a.count` beside a
/// histogram `a`). One such pair spoils the whole scrape, so the second is refused.
#[derive(Clone, Debug, Default)]
pub(crate) struct Claims {
    owners: HashMap<String, Cow<'static, str>>,
}

/// The name is taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Taken {
    pub(crate) written: String,
    pub(crate) owner: Cow<'static, str>,
}

impl Claims {
    /// Takes every name that the family is written under, or none.
    pub(crate) fn claim(&mut self, descriptor: &Descriptor, kind: Kind) -> Result<(), Taken> {
        let names = written(descriptor, kind);
        for written in &names {
            if let Some(owner) = self.owners.get(written) {
                return Err(Taken { written: written.clone(), owner: owner.clone() });
            }
        }
        self.owners.extend(names.into_iter().map(|written| (written, descriptor.to_name())));
        Ok(())
    }

    /// Gives the names of a family back.
    pub(crate) fn release(&mut self, name: &str) {
        self.owners.retain(|_, owner| owner != name);
    }
}

/// The name of the family and of each of its samples, in text 0.0.4 and in OpenMetrics.
fn written(descriptor: &Descriptor, kind: Kind) -> Vec<String> {
    let base = name::base(descriptor, kind);
    let suffixes: &[&str] = match kind {
        Kind::Counter => &["", "_total", "_created"],
        Kind::Gauge | Kind::UpDownCounter => &[""],
        Kind::Histogram => &["", "_bucket", "_sum", "_count", "_created"],
        Kind::Summary => &["", "_sum", "_count", "_created"],
    };
    suffixes.iter().map(|suffix| format!("{base}{suffix}")).collect()
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn names_that_are_written_alike_are_taken_once() {
        let mut claims = Claims::default();
        let first = Descriptor::new("shop.wait", "s", "");
        assert_eq!(claims.claim(&first, Kind::Histogram), Ok(()));
        for (name, unit, kind) in [
            ("shop_wait", "s", Kind::Gauge),
            ("shop.wait.seconds", "", Kind::Counter),
            ("shop.wait_seconds.count", "", Kind::Gauge),
        ] {
            let taken = claims.claim(&Descriptor::new(name, unit, ""), kind);
            assert_eq!(taken.map_err(|taken| taken.owner), Err("shop.wait".into()), "{name}");
        }
        assert_eq!(claims.claim(&Descriptor::new("shop.wait", "ms", ""), Kind::Gauge), Ok(()));
    }
}
