//! The log window as a signal: one access line for each exchange, as far as the rules let it.

mod beginnings;
mod encoded;
mod line;
mod rate;
mod ready;
mod rules;
mod site;
mod sole_listener;
mod whole;
mod window;

pub use line::ACCESS_TARGET;
pub use rules::{AccessRule, AccessRules, Tell};
pub(crate) use whole::write;
pub use window::{LogContext, LogContextLayer, LogContextObserver};
