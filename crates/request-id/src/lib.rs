//! The request-id window: accept, make, echo and propagate x-request-id.
