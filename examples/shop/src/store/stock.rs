//! What is on the shelves.

use std::collections::BTreeMap;

use tokio::sync::watch;

use crate::catalogue::{RARE, items};

const FULL: u32 = 10_000;
const FEW: u32 = 5;
/// Below this the supplier fills the shelf again.
const LOW: u32 = 100;

/// Why items cannot be taken or delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StockError {
    /// The shop does not sell it.
    Unknown,
    TooFew {
        left: u32,
    },
    /// It is not delivered any more.
    NoMore,
}

/// A shelf per item.
#[derive(Debug)]
pub(crate) struct Stock {
    shelves: BTreeMap<&'static str, watch::Sender<u32>>,
}

impl Stock {
    pub(crate) fn new() -> Self {
        let shelves = items().map(|item| (item, watch::Sender::new(if item == RARE { FEW } else { FULL })));
        Self { shelves: shelves.collect() }
    }

    pub(crate) fn left(&self, item: &str) -> Option<u32> {
        self.shelves.get(item).map(|shelf| *shelf.borrow())
    }

    /// Takes items and tells how many are left.
    ///
    /// # Errors
    /// When the item is unknown, or fewer are left than are wanted: then none is taken.
    pub(crate) fn take(&self, item: &str, quantity: u32) -> Result<u32, StockError> {
        let shelf = self.shelves.get(item).ok_or(StockError::Unknown)?;
        let mut taken = Err(StockError::Unknown);
        shelf.send_if_modified(|left| match left.checked_sub(quantity) {
            None => {
                taken = Err(StockError::TooFew { left: *left });
                false
            }
            Some(rest) => {
                *left = if rest < LOW && item != RARE { FULL } else { rest };
                taken = Ok(*left);
                true
            }
        });
        taken
    }

    /// Puts items on their shelf and tells how many are there. What does not fit goes back.
    ///
    /// # Errors
    /// When the item is unknown, or comes no more.
    pub(crate) fn add(&self, item: &str, quantity: u32) -> Result<u32, StockError> {
        let shelf = self.shelves.get(item).ok_or(StockError::Unknown)?;
        if item == RARE {
            return Err(StockError::NoMore);
        }
        let mut there = FULL;
        shelf.send_modify(|left| {
            *left = left.saturating_add(quantity).min(FULL);
            there = *left;
        });
        Ok(there)
    }

    /// The number left, now and after each change.
    pub(crate) fn watch(&self, item: &str) -> Option<watch::Receiver<u32>> {
        self.shelves.get(item).map(watch::Sender::subscribe)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use super::{FEW, FULL, LOW, Stock, StockError};
    use crate::catalogue::RARE;

    #[test]
    fn more_than_is_left_takes_nothing() {
        let stock = Stock::new();
        assert_eq!(stock.take(RARE, FEW + 1), Err(StockError::TooFew { left: FEW }));
        assert_eq!(stock.take(RARE, FEW), Ok(0));
        assert_eq!(stock.take(RARE, 1), Err(StockError::TooFew { left: 0 }));
        assert_eq!(stock.take("unicorn", 1), Err(StockError::Unknown));
    }

    #[test]
    fn ordinary_goods_are_filled_up_again() {
        let stock = Stock::new();
        assert_eq!(stock.take("tea", FULL - LOW), Ok(LOW));
        assert_eq!(stock.take("tea", 1), Ok(FULL));
    }

    #[test]
    fn a_delivery_fills_the_shelf_and_no_more() {
        let stock = Stock::new();
        assert_eq!(stock.take("tea", 10), Ok(FULL - 10));
        assert_eq!(stock.add("tea", 4), Ok(FULL - 6));
        assert_eq!(stock.add("tea", u32::MAX), Ok(FULL));
        assert_eq!(stock.add(RARE, 1), Err(StockError::NoMore));
        assert_eq!(stock.add("unicorn", 1), Err(StockError::Unknown));
    }

    #[test]
    fn a_watcher_sees_a_change_and_no_refusal() {
        let stock = Stock::new();
        let mut watch = stock.watch("tea").unwrap();
        assert!(stock.take("tea", FULL + 1).is_err());
        assert!(!watch.has_changed().unwrap());
        stock.take("tea", 1).unwrap();
        assert!(watch.has_changed().unwrap());
        assert_eq!(*watch.borrow_and_update(), FULL - 1);
    }
}
