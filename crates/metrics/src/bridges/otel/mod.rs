//! Instruments of OpenTelemetry that record to the store.

mod active_span;
mod attributes;
mod cell;
mod family;
mod instruments;
mod observer;
mod provider;
mod recorder;
mod shared;

pub use self::provider::StoreMeterProvider;
