//! Everything that CI does and that is more than one cargo command.
fn main() {}
