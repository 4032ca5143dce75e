//! Who named a series.

/// Where the values of a label key come from, which decides whether the key may be refused a series.
///
/// # Cardinality
///
/// [`Wire`](Self::Wire) keys share the family's declared maximum. [`Known`](Self::Known) keys always get their
/// own series and do not count against it: use that for what the program itself enumerates, such as the routes
/// of its router, and for nothing that a caller can influence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Named by the program: always has a place.
    Known,
    /// Influenced by a peer: has a place while there is one.
    Wire,
}
