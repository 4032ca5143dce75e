use std::time::Duration;

/// What became of a request at a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Admission {
    /// It was let through.
    Admitted,
    /// It was answered, or failed, before it was let through.
    Refused,
    /// Nobody waited for it any more.
    Abandoned,
}

impl Admission {
    /// Every admission, in the order of their declaration.
    pub const ALL: [Self; 3] = [Self::Admitted, Self::Refused, Self::Abandoned];

    /// `admitted`, `refused` or `abandoned`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Admitted => "admitted",
            Self::Refused => "refused",
            Self::Abandoned => "abandoned",
        }
    }
}

/// Is told what happens at a limit. It must not wait, and cannot fail a request.
pub trait LimitWatch: Clone + Send + Sync + 'static {
    /// Held for as long as a request is behind the limit.
    type Permit: Send + 'static;

    /// A request was let through after so long a wait, from the first time that the limit was not ready for it, or
    /// from its call.
    fn admit(&self, waited: Duration) -> Self::Permit;

    /// A request was not let through; never told with [`Admission::Admitted`].
    fn turn_away(&self, admission: Admission);
}
