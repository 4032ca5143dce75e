//! Whether log lines are for people or for programs.

use std::io::{self, IsTerminal};

use tower_telemetry_log::LineFormat;

use crate::settings::Environment;

/// For whom log lines are written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum LogFormat {
    /// For people where standard output is a terminal and lines go there, else for programs.
    #[default]
    Auto,
    /// For programs: one JSON object on a line.
    Json,
    /// For people: short lines, in colours where standard output is a terminal that has some.
    ///
    /// [`NO_COLOR`](https://no-color.org) in the environment, or `TERM=dumb`, takes the colours away.
    Pretty,
}

/// Where lines go, as far as their format depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Terminal,
    Elsewhere,
}

impl Place {
    pub(crate) fn of_stdout() -> Self {
        if io::stdout().is_terminal() { Self::Terminal } else { Self::Elsewhere }
    }
}

impl LogFormat {
    pub(crate) fn choose(self, environment: Environment, place: Place) -> LineFormat {
        let is_dumb = environment.get("TERM").is_some_and(|terminal| terminal == "dumb");
        let is_coloured = place == Place::Terminal && environment.get("NO_COLOR").is_none() && !is_dumb;
        match self {
            Self::Auto if place == Place::Elsewhere => LineFormat::Json,
            Self::Json => LineFormat::Json,
            Self::Auto | Self::Pretty if is_coloured => LineFormat::Coloured,
            Self::Auto | Self::Pretty => LineFormat::Pretty,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORMATS: [LogFormat; 3] = [LogFormat::Auto, LogFormat::Json, LogFormat::Pretty];

    fn choices(read: fn(&'static str) -> Option<String>, place: Place) -> [LineFormat; 3] {
        FORMATS.map(|format| format.choose(Environment::of(read), place))
    }

    #[test]
    fn a_terminal_is_read_by_people_and_everything_else_by_programs() {
        use LineFormat::{Coloured, Json, Pretty};
        assert_eq!(choices(|_| None, Place::Terminal), [Coloured, Json, Coloured]);
        assert_eq!(choices(|_| None, Place::Elsewhere), [Json, Json, Pretty]);
    }

    #[test]
    fn the_environment_takes_colours_away() {
        use LineFormat::{Json, Pretty};
        let no_color = choices(|name| (name == "NO_COLOR").then(|| "1".into()), Place::Terminal);
        let dumb = choices(|name| (name == "TERM").then(|| "dumb".into()), Place::Terminal);
        assert_eq!((no_color, dumb), ([Pretty, Json, Pretty], [Pretty, Json, Pretty]));
    }
}
