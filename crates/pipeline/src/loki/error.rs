//! Why lines cannot go to Loki as asked.

use std::error::Error;
use std::path::PathBuf;
use std::{fmt, io};

/// What is wrong with the settings of [`Loki`](crate::Loki). The message says what to change.
#[derive(Debug)]
#[non_exhaustive]
pub enum LokiError {
    /// The address is none.
    Address,
    /// The address is one of TLS, and the program was built without it.
    WithoutTls,
    /// The tenant or the credentials cannot stand in a header.
    Header {
        /// Which header.
        name: &'static str,
    },
    /// A label that Loki does not take, or whose values would be without number.
    Label {
        /// The name.
        name: String,
    },
    /// More labels than Loki takes.
    Labels {
        /// How many there would be.
        many: usize,
        /// How many Loki takes.
        most: usize,
    },
    /// The directory of the spool cannot be used.
    Spool {
        /// The directory.
        directory: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

impl fmt::Display for LokiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address => f.write_str("the address of Loki wants to be such as `http://localhost:3100`"),
            Self::WithoutTls => f.write_str(
                "the address of Loki is https://, which wants the feature `loki-tls` of this crate",
            ),
            Self::Header { name } => {
                write!(f, "what is to stand in the header {name} cannot: it wants visible ASCII characters")
            }
            Self::Label { name } => write!(
                f,
                "{name:?} cannot be a label: a name is of letters, digits and `_`, its value of at most 2048 bytes; ids, \
                 route, instance and pod stand beside the line, and the level is a label by with_level_label"
            ),
            Self::Labels { many, most } => {
                write!(f, "a stream would have {many} labels, of which Loki takes {most}")
            }
            Self::Spool { directory, source } if source.kind() == io::ErrorKind::WouldBlock => write!(
                f,
                "the spool {} is in use: each process wants a directory of its own",
                directory.display()
            ),
            Self::Spool { directory, .. } => {
                write!(f, "the spool {} cannot be used", directory.display())
            }
        }
    }
}

impl Error for LokiError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Spool { source, .. } => Some(source),
            _ => None,
        }
    }
}
