//! An error storm against a budget.
