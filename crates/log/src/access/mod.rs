//! The log window as a signal: one access line for each exchange, as far as the rules let it.

mod line;
mod rate;
mod rules;
mod window;

pub use line::ACCESS_TARGET;
pub use rules::{AccessRule, AccessRules, Tell};
pub use window::{LogContext, LogContextLayer, LogContextObserver};
