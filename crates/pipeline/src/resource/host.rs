//! The host and its operating system.

use std::env::consts;

use tower_telemetry_core::names::resource;

use super::attributes::Attributes;
use super::machine::Machine;

pub(super) fn detect(machine: &Machine, is_contained: bool, attributes: &mut Attributes) {
    let name = machine.line("/proc/sys/kernel/hostname").or_else(|| machine.line("/etc/hostname"));
    let name = name.or_else(|| machine.variable(&["HOSTNAME", "COMPUTERNAME"]));
    attributes.set_some(resource::HOST_NAME, name);
    attributes.set(resource::HOST_ARCH, arch(consts::ARCH));
    attributes.set(resource::OS_TYPE, os(consts::OS));
    if !is_contained {
        // In a container the file is the image's: all that run it would be one host.
        let id = machine.line("/etc/machine-id").or_else(|| machine.line("/var/lib/dbus/machine-id"));
        attributes.set_some(resource::HOST_ID, id);
    }
    let release = machine.read("/etc/os-release").or_else(|| machine.read("/usr/lib/os-release"));
    let release = release.unwrap_or_default();
    attributes.set_some(resource::OS_NAME, field(&release, "NAME"));
    attributes.set_some(resource::OS_VERSION, field(&release, "VERSION_ID"));
    attributes.set_some(resource::OS_DESCRIPTION, field(&release, "PRETTY_NAME"));
}

/// A field of `os-release` (<https://www.freedesktop.org/software/systemd/man/os-release.html>), without its quotes.
fn field(release: &str, name: &str) -> Option<String> {
    let value = release.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('='))?.trim();
    let quoted = ['"', '\''].iter().find_map(|quote| value.strip_prefix(*quote)?.strip_suffix(*quote));
    Some(quoted.unwrap_or(value)).filter(|value| !value.is_empty()).map(str::to_owned)
}

/// As the conventions call it.
fn arch(arch: &'static str) -> &'static str {
    match arch {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        "arm" => "arm32",
        "powerpc" => "ppc32",
        "powerpc64" => "ppc64",
        other => other,
    }
}

/// As the conventions call it.
fn os(os: &'static str) -> &'static str {
    match os {
        "macos" => "darwin",
        "dragonfly" => "dragonflybsd",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_of_the_release_loses_its_quotes() {
        let release = "PRETTY_NAME=\"Debian GNU/Linux 12\"\nVERSION_ID='12'\nID=debian\nEMPTY=\n";
        assert_eq!(field(release, "PRETTY_NAME").as_deref(), Some("Debian GNU/Linux 12"));
        assert_eq!(field(release, "VERSION_ID").as_deref(), Some("12"));
        assert_eq!(field(release, "ID").as_deref(), Some("debian"));
        assert_eq!((field(release, "EMPTY"), field(release, "NAME")), (None, None));
    }

    #[test]
    fn what_the_compiler_calls_otherwise_is_called_as_the_conventions_do() {
        assert_eq!([arch("x86_64"), arch("aarch64"), arch("riscv64")], ["amd64", "arm64", "riscv64"]);
        assert_eq!([os("macos"), os("linux")], ["darwin", "linux"]);
    }
}
