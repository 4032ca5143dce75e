//! Whose matter an ending was.

/// Whose matter the ending was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Verdict {
    /// The caller got what it asked for.
    Ok,
    /// The caller asked for something that could not be had: HTTP 4xx, gRPC NOT_FOUND and its kind.
    CallerFault,
    /// The service did not do its part: HTTP 5xx, the server errors of gRPC, a panic, a broken stream.
    ServiceFault,
    /// Somebody stopped waiting.
    Cancelled,
}

impl Verdict {
    /// Every verdict, in the order of their declaration.
    pub const ALL: [Self; 4] = [Self::Ok, Self::CallerFault, Self::ServiceFault, Self::Cancelled];

    /// `ok`, `caller_fault`, `service_fault` or `cancelled`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::CallerFault => "caller_fault",
            Self::ServiceFault => "service_fault",
            Self::Cancelled => "cancelled",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verdicts_have_closed_names() {
        assert_eq!(Verdict::ALL.map(Verdict::as_str), ["ok", "caller_fault", "service_fault", "cancelled"]);
    }
}
