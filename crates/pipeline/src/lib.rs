//! One call that sets up metrics, traces and logs sharing one context.
