//! What the stacks around a layer know of a route: axum's router, tonic's client, a declared table.

use std::any::Any;
use std::error::Error;

#[cfg_attr(feature = "axum", path = "axum_enabled.rs")]
#[cfg_attr(not(feature = "axum"), path = "axum_disabled.rs")]
pub(crate) mod axum;

#[cfg_attr(feature = "tonic", path = "tonic_enabled.rs")]
#[cfg_attr(not(feature = "tonic"), path = "tonic_disabled.rs")]
pub(crate) mod tonic;

#[cfg_attr(feature = "routes", path = "table_enabled.rs")]
#[cfg_attr(not(feature = "routes"), path = "table_disabled.rs")]
pub(crate) mod table;

/// An error of a stack that is a box of others: its sources tell what its type does not.
pub(crate) fn error(any: &dyn Any) -> Option<&(dyn Error + 'static)> {
    axum::error(any).or_else(|| tonic::error(any))
}
