//! What the resource is looked up in: the environment, and files of the system.

use std::path::{Path, PathBuf};

use crate::settings::Environment;

/// Longer files are none of those that are looked for.
const LONGEST: u64 = 64 * 1024;

/// The environment and the root of the files: a test has its own.
#[derive(Clone)]
pub(crate) struct Machine {
    pub(crate) environment: Environment,
    root: PathBuf,
}

impl Machine {
    pub(crate) fn new(environment: Environment) -> Self {
        Self { environment, root: PathBuf::from("/") }
    }

    #[cfg(test)]
    pub(crate) fn at(environment: Environment, root: &Path) -> Self {
        Self { environment, root: root.to_owned() }
    }

    /// The text of a file below the root, if there is one.
    pub(crate) fn read(&self, path: &str) -> Option<String> {
        use std::io::Read;
        let file = std::fs::File::open(self.path(path)).ok()?;
        let mut text = String::new();
        file.take(LONGEST).read_to_string(&mut text).ok()?;
        Some(text)
    }

    /// The first line of a file that has one.
    pub(crate) fn line(&self, path: &str) -> Option<String> {
        let text = self.read(path)?;
        let line = text.lines().next()?.trim();
        (!line.is_empty()).then(|| line.to_owned())
    }

    /// The value of the first of these variables that is set.
    pub(crate) fn variable(&self, names: &[&'static str]) -> Option<String> {
        names.iter().find_map(|name| self.environment.get(name))
    }

    fn path(&self, path: &str) -> PathBuf {
        self.root.join(Path::new(path).strip_prefix("/").unwrap_or(Path::new(path)))
    }
}
