//! The process.

use tower_telemetry_core::names::resource;

use super::attributes::Attributes;

/// Its arguments are not told: many a program is given secrets there.
pub(super) fn detect(attributes: &mut Attributes) {
    attributes.set(resource::PROCESS_PID, i64::from(std::process::id()));
    let Ok(path) = std::env::current_exe() else { return };
    let name = path.file_name().and_then(|name| name.to_str()).map(str::to_owned);
    attributes.set_some(resource::PROCESS_EXECUTABLE_NAME, name);
    attributes.set_some(resource::PROCESS_EXECUTABLE_PATH, path.to_str().map(str::to_owned));
}

/// What a service is called that has no name.
pub(super) fn unknown_service() -> String {
    let path = std::env::current_exe().ok();
    let name = path.as_ref().and_then(|path| path.file_name()?.to_str());
    name.map_or_else(|| "unknown_service".to_owned(), |name| format!("unknown_service:{name}"))
}
