//! The container that the process runs in.

use tower_telemetry_core::names::resource;

use super::attributes::Attributes;
use super::machine::Machine;

/// Whether there is one.
pub(super) fn detect(machine: &Machine, attributes: &mut Attributes) -> bool {
    let group = machine.read("/proc/self/cgroup").unwrap_or_default();
    // In a pod of CRI-O the folder is that of the sandbox, which all its containers share.
    let folders: &[&str] = match machine.variable(&["KUBERNETES_SERVICE_HOST"]) {
        Some(_) => &["containers"],
        None => &["containers", "overlay-containers"],
    };
    let id = of_group(&group).or_else(|| of_mounts(&machine.read("/proc/self/mountinfo")?, folders));
    let is_contained = id.is_some()
        || ["/.dockerenv", "/run/.containerenv"].into_iter().any(|path| machine.read(path).is_some());
    attributes.set_some(resource::CONTAINER_ID, id);
    is_contained
}

/// Of control groups of version 1, and of 2 where they have no namespace: the last part of the path, as Docker,
/// containerd, CRI-O and Podman write it (`docker-ID.scope`, `cri-containerd-ID.scope`, `ID`).
fn of_group(text: &str) -> Option<String> {
    text.lines().find_map(|line| {
        let last = line.rsplit('/').next()?;
        let last = last.strip_suffix(".scope").unwrap_or(last);
        id(last.rsplit(['-', ':']).next()?)
    })
}

/// Of control groups of version 2 the path tells nothing, but the runtime mounts the host's name from a folder of the
/// container, below one of these.
fn of_mounts(text: &str, folders: &[&str]) -> Option<String> {
    text.lines().filter(|line| line.contains("/etc/hostname")).find_map(|line| {
        // Field 4 is the root of the mount: the path on the host.
        let path = line.split(' ').nth(3)?;
        let mut folder = "";
        path.split('/').find_map(|part| {
            let within = std::mem::replace(&mut folder, part);
            folders.contains(&within).then(|| id(part)).flatten()
        })
    })
}

/// An id is 64 hex digits.
fn id(text: &str) -> Option<String> {
    let is_hex = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    (text.len() == 64 && text.bytes().all(is_hex)).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "dc579f8a8319c8cf7d38e1adf263bc08d23dc579f8a8319c8cf7d38e1adf263b";

    #[test]
    fn runtimes_write_the_id_at_the_end_of_the_group() {
        for line in [
            format!("13:name=systemd:/docker/{ID}"),
            format!("0::/system.slice/docker-{ID}.scope"),
            format!("1:cpu:/kubepods.slice/kubepods-pod1.slice/cri-containerd-{ID}.scope"),
            format!("0::/machine.slice/libpod-{ID}.scope"),
            format!("12:pids:/kubepods/besteffort/pod9/{ID}"),
            format!("1:name=systemd:/kubepods-pod1:cri-containerd:{ID}"),
        ] {
            assert_eq!(of_group(&format!("2:memory:/\n{line}\n")).as_deref(), Some(ID), "{line}");
        }
        assert_eq!(of_group("0::/\n"), None);
        assert_eq!(of_group("0::/user.slice/session-2.scope\n"), None);
    }

    #[test]
    fn where_the_group_is_silent_a_mount_tells() {
        let all = &["containers", "overlay-containers"][..];
        let mount = |path: &str| format!("983 961 0:56 {path} /etc/hostname rw,relatime - ext4 /dev/sda1 rw");
        let docker = mount(&format!("/var/lib/docker/containers/{ID}/hostname"));
        assert_eq!(of_mounts(&docker, all).as_deref(), Some(ID));
        let podman = mount(&format!("/containers/storage/overlay-containers/{ID}/userdata/hostname"));
        assert_eq!(of_mounts(&podman, all).as_deref(), Some(ID));
        assert_eq!(of_mounts(&podman, &["containers"]), None);
        let sandbox =
            mount(&format!("/var/lib/containerd/io.containerd.grpc.v1.cri/sandboxes/{ID}/hostname"));
        assert_eq!(of_mounts(&sandbox, all), None);
        assert_eq!(of_mounts(&docker.replace("/etc/hostname", "/data"), all), None);
    }
}
