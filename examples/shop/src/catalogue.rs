//! What the shop sells, and the items that ask for a fault.

/// Ordinary goods: never out of stock for long.
pub(crate) const GOODS: [&str; 4] = ["tea", "coffee", "mug", "kettle"];

/// A few only, never refilled: soon answered 409.
pub(crate) const RARE: &str = "rare";

/// A fault that a caller asks for by the item's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The inventory takes 300 to 800 ms.
    Slow,
    /// The inventory answers INTERNAL.
    Broken,
    /// The gateway's handler panics.
    Panic,
    /// The gateway's handler hangs until its own time limit.
    Stuck,
    /// The inventory does not answer within the gateway's deadline.
    Late,
    /// The order's event stream breaks in the middle.
    Cut,
}

impl Fault {
    pub(crate) const ALL: [Self; 6] =
        [Self::Slow, Self::Broken, Self::Panic, Self::Stuck, Self::Late, Self::Cut];

    /// The fault that this item asks for, if any.
    pub(crate) fn of(item: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|fault| fault.item() == item)
    }

    pub(crate) fn item(self) -> &'static str {
        match self {
            Self::Slow => "slow",
            Self::Broken => "broken",
            Self::Panic => "panic",
            Self::Stuck => "stuck",
            Self::Late => "late",
            Self::Cut => "cut",
        }
    }
}

/// Everything that is sold.
pub(crate) fn items() -> impl Iterator<Item = &'static str> {
    GOODS.into_iter().chain([RARE]).chain(Fault::ALL.into_iter().map(Fault::item))
}

#[cfg(test)]
mod tests {
    use super::{Fault, GOODS};

    #[test]
    fn every_fault_is_found_by_its_item() {
        for fault in Fault::ALL {
            assert_eq!(Fault::of(fault.item()), Some(fault));
        }
        for item in GOODS {
            assert_eq!(Fault::of(item), None);
        }
    }
}
