//! The families of a store and the names that they own.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::claims::Claims;
use super::companions;
use super::declaration;
use super::descriptor::{Descriptor, Kind, Shape};
use super::error::RegisterError;
use super::family::{AnyFamily, Family};
use super::labels::Labels;
use super::read::Read;

pub(crate) struct Registered {
    pub(crate) families: BTreeMap<Cow<'static, str>, Arc<dyn AnyFamily>>,
    pub(crate) claims: Claims,
}

impl Registered {
    /// With the names of the store's own families taken.
    pub(crate) fn reserving(own: &[Descriptor], kind: Kind) -> Self {
        let mut claims = Claims::default();
        for descriptor in own {
            // The first claims of all, under different names: there is nobody to refuse them.
            let _ = claims.claim(descriptor, kind);
        }
        Self { families: BTreeMap::new(), claims }
    }

    /// Adds the family that `make` makes, or finds the one that was declared alike.
    pub(crate) fn family<L, M>(
        &mut self,
        descriptor: Descriptor,
        shape: Shape,
        make: impl FnOnce(Descriptor, Shape) -> Family<L, M>,
    ) -> Result<Arc<Family<L, M>>, RegisterError>
    where
        L: Labels,
        M: Read + Send + Sync + 'static,
    {
        if let Some(family) = self.families.get(descriptor.name()) {
            return declaration::same(family, &descriptor, &shape);
        }
        // All names or none: a half-taken set would block a second try.
        let mut claims = self.claims.clone();
        let companions = companions::declare(&descriptor, &shape);
        for name in companions.iter().flatten().chain([&descriptor]) {
            claims.claim(name, shape.kind()).map_err(|taken| RegisterError::Taken {
                name: name.to_name(),
                written: taken.written,
                owner: taken.owner,
            })?;
        }
        self.claims = claims;
        let name = descriptor.to_name();
        let family = Arc::new(make(descriptor, shape));
        self.families.insert(name, Arc::<Family<L, M>>::clone(&family));
        Ok(family)
    }

    /// Takes a family out and frees its names.
    pub(crate) fn remove(&mut self, name: &str) -> Option<Arc<dyn AnyFamily>> {
        let family = self.families.remove(name)?;
        self.claims.release(name);
        for companion in companions::declare(family.descriptor(), family.shape()).iter().flatten() {
            self.claims.release(companion.name());
        }
        Some(family)
    }
}
