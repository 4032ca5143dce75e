//! A Loki, built from its published module.

use std::{
    fs,
    net::{SocketAddr, TcpListener},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};

use crate::{
    Result,
    e2e::{deadline::Deadline, guarded::Guarded, http},
    process, workspace,
};

/// From its start to its readiness.
const START: Duration = Duration::from_secs(60);
const PACKAGE: &str = "github.com/grafana/loki/v3/cmd/loki";

/// A server that runs until this is dropped.
#[derive(Debug)]
pub(crate) struct Server {
    process: Guarded,
    pub(crate) address: SocketAddr,
}

/// Whether there is a Go to build it with.
///
/// # Errors
///
/// There is none.
pub(crate) fn installed() -> Result {
    match Command::new("go").arg("version").stdin(Stdio::null()).stdout(Stdio::null()).status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("`go version` failed: {status}").into()),
        Err(error) => Err(format!("`go` could not be started: {error}; https://go.dev/dl has it").into()),
    }
}

/// Builds Loki, at the version that tests/loki/go.mod pins: many minutes at first, seconds from then on.
///
/// # Errors
///
/// A module cannot be had, or does not build.
pub(crate) fn build() -> Result<PathBuf> {
    let binary = folder()?.join("loki");
    let mut go = Command::new("go");
    go.current_dir(workspace::path("tests/loki")).arg("build").arg("-o").arg(&binary).arg(PACKAGE);
    process::run(&mut go)?;
    Ok(binary)
}

/// A port of this machine that is free by now.
///
/// # Errors
///
/// There is none.
pub(crate) fn free_port() -> Result<SocketAddr> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?)
}

impl Server {
    /// Starts it at this address, with nothing stored.
    ///
    /// # Errors
    ///
    /// It does not get ready; the end of its log is told.
    pub(crate) fn start(binary: &Path, address: SocketAddr) -> Result<Self> {
        let data = folder()?.join("data");
        // What an earlier run left would answer questions in place of this one.
        if data.exists() {
            fs::remove_dir_all(&data)?;
        }
        fs::create_dir_all(&data)?;
        let config = data.join("loki.yaml");
        fs::write(&config, configuration(address, free_port()?, &data))?;
        let process = Guarded::start(binary, [format!("-config.file={}", config.display())], Some)?;
        let server = Self { process, address };
        let ready = Deadline::after(START).until(|| http::get(address, "/ready", "*/*").map(drop));
        ready.map_err(|error| {
            format!("Loki is not ready within {START:?}: {error}; its log ends:\n{}", server.process.log())
        })?;
        Ok(server)
    }
}

fn folder() -> Result<PathBuf> {
    let folder = workspace::path("target/e2e/loki");
    fs::create_dir_all(&folder)?;
    Ok(folder.canonicalize()?)
}

/// One process on this machine, with tenants, and the limits of the defaults.
fn configuration(http: SocketAddr, grpc: SocketAddr, data: &Path) -> String {
    let (host, http, grpc, data) = (http.ip(), http.port(), grpc.port(), data.display());
    format!(
        "auth_enabled: true\n\
         server: {{http_listen_address: {host}, http_listen_port: {http}, grpc_listen_address: {host}, \
         grpc_listen_port: {grpc}, log_level: warn}}\n\
         common:\n  path_prefix: {data}\n  replication_factor: 1\n  instance_addr: {host}\n  \
         ring: {{kvstore: {{store: inmemory}}}}\n  \
         storage: {{filesystem: {{chunks_directory: {data}/chunks, rules_directory: {data}/rules}}}}\n\
         schema_config:\n  configs: [{{from: 2024-01-01, store: tsdb, object_store: filesystem, schema: v13, \
         index: {{prefix: index_, period: 24h}}}}]\n\
         ingester: {{lifecycler: {{min_ready_duration: 0s, final_sleep: 0s}}}}\n\
         analytics: {{reporting_enabled: false}}\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_configuration_names_what_it_was_given() {
        let [http, grpc] = [1, 2].map(|port| SocketAddr::from(([127, 0, 0, 1], port)));
        let told = configuration(http, grpc, Path::new("/data"));
        for part in ["http_listen_port: 1,", "grpc_listen_port: 2,", "path_prefix: /data\n", "/data/chunks,"]
        {
            assert!(told.contains(part), "{part}: {told}");
        }
    }
}
