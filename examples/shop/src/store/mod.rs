//! What the shop remembers, in memory and bounded.

mod orders;
mod stock;

pub(crate) use self::{
    orders::{Order, OrderId, Orders, Stage},
    stock::{Stock, StockError},
};
