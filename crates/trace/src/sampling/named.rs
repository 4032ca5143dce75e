//! Samplers by the names that the environment gives them.

use std::error::Error;
use std::fmt;

use crate::sampling::head::Head;
use crate::sampling::heads::Heads;

/// The names of `OTEL_TRACES_SAMPLER` that are known here.
const KNOWN: [&str; 6] = [
    "always_on",
    "always_off",
    "traceidratio",
    "parentbased_always_on",
    "parentbased_always_off",
    "parentbased_traceidratio",
];

impl Heads {
    /// The heads of this name and argument, as `OTEL_TRACES_SAMPLER` and `OTEL_TRACES_SAMPLER_ARG` hold them.
    ///
    /// Names are read in any case. Only `traceidratio` has an argument, a number from 0 to 1; without, it is 1.
    ///
    /// # Errors
    /// [`SamplerNameError`] for a name that is not known, or an argument that is no such number.
    pub fn named(name: &str, argument: Option<&str>) -> Result<Self, SamplerNameError> {
        let ratio = || match argument.map(str::trim).filter(|text| !text.is_empty()) {
            None => Ok(Head::probability(1.0)),
            Some(text) => match text.parse::<f64>() {
                Ok(ratio) if (0.0..=1.0).contains(&ratio) => Ok(Head::probability(ratio)),
                _ => Err(SamplerNameError::Ratio(text.to_owned())),
            },
        };
        let lower_case = name.trim().to_ascii_lowercase();
        Ok(match lower_case.as_str() {
            "always_on" => Self::for_all(Head::always_on()),
            "always_off" => Self::for_all(Head::always_off()),
            "traceidratio" => Self::for_all(ratio()?),
            "parentbased_always_on" => Self::parent_based(Head::always_on()),
            "parentbased_always_off" => Self::parent_based(Head::always_off()),
            "parentbased_traceidratio" => Self::parent_based(ratio()?),
            _ => return Err(SamplerNameError::Unknown(name.trim().to_owned())),
        })
    }
}

/// Why there is no sampler of a name.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SamplerNameError {
    /// The name is not known.
    Unknown(String),
    /// The argument is no number from 0 to 1.
    Ratio(String),
}

impl fmt::Display for SamplerNameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown(name) => write!(f, "unknown sampler {name:?}; known are {}", KNOWN.join(", ")),
            Self::Ratio(text) => write!(f, "the ratio of a sampler is a number from 0 to 1, not {text:?}"),
        }
    }
}

impl Error for SamplerNameError {}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use super::*;

    #[test]
    fn every_known_name_is_read_and_told_again() {
        for name in KNOWN {
            let told = Heads::named(name, Some("0.25")).unwrap().to_string();
            assert_eq!(told.split(' ').next(), Some(name));
            assert_eq!(told.ends_with(" 0.25"), name.ends_with("traceidratio"), "{told}");
        }
        assert_eq!(
            Heads::named(" AlwaysOn ", None).unwrap_err(),
            SamplerNameError::Unknown("AlwaysOn".into())
        );
        assert!(Heads::named(" Always_On ", None).is_ok());
    }

    #[test]
    fn a_ratio_without_an_argument_is_one() {
        for argument in [None, Some(""), Some(" ")] {
            assert_eq!(Heads::named("traceidratio", argument).unwrap().to_string(), "traceidratio 1");
        }
        for argument in ["1.1", "-0.1", "x", "NaN", "inf", "1%"] {
            assert_eq!(
                Heads::named("parentbased_traceidratio", Some(argument)).unwrap_err(),
                SamplerNameError::Ratio(argument.into())
            );
        }
    }

    #[test]
    fn an_unknown_name_is_answered_with_those_that_are_known() {
        let error = Heads::named("jaeger_remote", None).unwrap_err().to_string();
        assert!(error.contains("\"jaeger_remote\""), "{error}");
        assert!(KNOWN.iter().all(|name| error.contains(name)), "{error}");
    }
}
