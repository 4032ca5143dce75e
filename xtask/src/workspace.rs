//! Where things are.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::Result;

/// A path of the workspace.
pub(crate) fn path(relative: impl AsRef<Path>) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(relative)
}

/// The text of a file of the workspace.
pub(crate) fn read(relative: impl AsRef<Path>) -> Result<String> {
    let relative = relative.as_ref();
    fs::read_to_string(path(relative)).map_err(|error| format!("{}: {error}", relative.display()).into())
}
