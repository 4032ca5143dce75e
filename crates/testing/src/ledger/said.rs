/// Whether a source says something of a field at all.
///
/// A span without `error.type` says that there was no error: `Said(None)`. A header says nothing of it: `Unsaid`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Said<T> {
    /// The source does not speak of it: nothing is compared.
    #[default]
    Unsaid,
    /// The source says this.
    Said(T),
}

impl<T> Said<T> {
    /// What was said, if anything was.
    pub const fn as_option(&self) -> Option<&T> {
        match self {
            Self::Unsaid => None,
            Self::Said(value) => Some(value),
        }
    }
}
