//! The mix: what callers do, and how often.

use fastrand::Rng;

/// One way to use the shop, or to misuse it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Order,
    Read,
    Health,
    Head,
    BadJson,
    NoQuantity,
    UnknownItem,
    UnknownOrder,
    OutOfStock,
    Scan,
    Broken,
    Slow,
    /// The caller hangs up before the answer.
    HangUp,
    Panic,
    Stuck,
    Late,
    Events,
    /// The caller leaves in the middle of a stream.
    EventsLeft,
    EventsCut,
    Live,
    GrpcGet,
    GrpcNotFound,
    GrpcInternal,
    GrpcHangUp,
    GrpcUnknown,
    GrpcWatch,
    Restock,
    /// A delivery in the middle breaks the stream.
    RestockBroken,
    GrpcRestock,
    GrpcRestockBroken,
    /// The caller leaves in the middle of a stream that goes both ways.
    GrpcRestockLeft,
}

/// Weights per thousand.
const MIX: [(Kind, u32); 31] = [
    (Kind::Order, 306),
    (Kind::Read, 180),
    (Kind::Health, 70),
    (Kind::Head, 40),
    (Kind::BadJson, 25),
    (Kind::NoQuantity, 15),
    (Kind::UnknownItem, 30),
    (Kind::UnknownOrder, 20),
    (Kind::OutOfStock, 15),
    (Kind::Scan, 60),
    (Kind::Broken, 15),
    (Kind::Slow, 25),
    (Kind::HangUp, 20),
    (Kind::Panic, 4),
    (Kind::Stuck, 3),
    (Kind::Late, 4),
    (Kind::Events, 20),
    (Kind::EventsLeft, 15),
    (Kind::EventsCut, 6),
    (Kind::Live, 8),
    (Kind::GrpcGet, 50),
    (Kind::GrpcNotFound, 12),
    (Kind::GrpcInternal, 8),
    (Kind::GrpcHangUp, 10),
    (Kind::GrpcUnknown, 8),
    (Kind::GrpcWatch, 7),
    (Kind::Restock, 6),
    (Kind::RestockBroken, 3),
    (Kind::GrpcRestock, 8),
    (Kind::GrpcRestockBroken, 3),
    (Kind::GrpcRestockLeft, 4),
];

impl Kind {
    /// Draws one by its weight.
    pub(crate) fn draw(rng: &mut Rng) -> Self {
        let mut at = rng.u32(0..MIX.iter().map(|(_, weight)| weight).sum());
        for (kind, weight) in MIX {
            match at.checked_sub(weight) {
                None => return kind,
                Some(rest) => at = rest,
            }
        }
        Self::Order
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use fastrand::Rng;

    use super::{Kind, MIX};

    #[test]
    fn the_weights_are_per_thousand() {
        assert_eq!(MIX.iter().map(|(_, weight)| weight).sum::<u32>(), 1_000);
    }

    #[test]
    fn every_kind_is_drawn_by_its_weight() {
        let mut rng = Rng::with_seed(7);
        let mut drawn = BTreeMap::<Kind, u32>::new();
        for _ in 0..1_000_000 {
            *drawn.entry(Kind::draw(&mut rng)).or_default() += 1;
        }
        for (kind, weight) in MIX {
            let per_thousand = drawn.get(&kind).copied().unwrap_or(0) / 1_000;
            assert!(per_thousand.abs_diff(weight) <= 1 + weight / 20, "{kind:?}: {per_thousand}");
        }
    }

    #[test]
    fn the_same_seed_draws_the_same() {
        let draw = |seed| {
            let mut rng = Rng::with_seed(seed);
            [(); 100].map(|()| Kind::draw(&mut rng))
        };
        assert_eq!(draw(3), draw(3));
        assert_ne!(draw(3), draw(4));
    }
}
