//! What the admin listener tells, where, and to whom.

use std::net::{SocketAddr, TcpListener};

use tower_telemetry_metrics::{Store, expose};

use crate::admin::{self, Buffers, Exposure, Parts, Readiness, Ready, Site};
use crate::background::Background;
use crate::builder::TelemetryBuilder;
use crate::error::InitError;
use crate::settings::Environment;

/// What has been chosen about the admin listener.
#[derive(Default)]
pub(super) struct Admin {
    pub(super) place: Place,
    pub(super) token: Option<String>,
    pub(super) exposure: Exposure,
    pub(super) names: expose::Names,
    pub(super) created: expose::Created,
    pub(super) ready: Ready,
}

/// Where it listens.
#[derive(Default)]
pub(super) enum Place {
    #[default]
    Default,
    At(SocketAddr),
    Nowhere,
}

impl TelemetryBuilder {
    /// Serves `/metrics`, `/healthz` and `/readyz` at this address; port 0 takes any free one.
    ///
    /// An address that other machines can reach wants a [token](Self::with_admin_token), or
    /// [`with_open_admin`](Self::with_open_admin).
    pub fn with_admin_addr(mut self, addr: SocketAddr) -> Self {
        self.admin.place = Place::At(addr);
        self
    }

    /// Serves nothing.
    pub fn without_admin(mut self) -> Self {
        self.admin.place = Place::Nowhere;
        self
    }

    /// Asks for this token, as `Authorization: Bearer`, before it serves anything but `/healthz` and `/readyz`.
    ///
    /// `TOWER_TELEMETRY_ADMIN_TOKEN` in the environment wins over it.
    pub fn with_admin_token(mut self, token: impl Into<String>) -> Self {
        self.admin.token = Some(token.into());
        self
    }

    /// Serves everybody who can reach the address, without a token: where a firewall or a mesh is the guard.
    pub fn with_open_admin(mut self) -> Self {
        self.admin.exposure = Exposure::Open;
        self
    }

    /// Translates the names on `/metrics` in this way.
    pub fn with_exposed_names(mut self, names: expose::Names) -> Self {
        self.admin.names = names;
        self
    }

    /// Has OpenMetrics text tell when series began, or not.
    pub fn with_exposed_created(mut self, created: expose::Created) -> Self {
        self.admin.created = created;
        self
    }

    /// Asks this at each `/readyz`, beside what was said by [`Telemetry::set_readiness`](crate::Telemetry::set_readiness).
    ///
    /// It is asked on the telemetry thread, and should not wait for anything.
    ///
    /// ```
    /// use tower_telemetry_pipeline::{Readiness, Telemetry};
    ///
    /// let builder = Telemetry::builder("orders").with_readiness(|| Readiness::Ready);
    /// # let _ = builder;
    /// ```
    pub fn with_readiness(mut self, ask: impl Fn() -> Readiness + Send + Sync + 'static) -> Self {
        self.admin.ready = Ready::new(ask);
        self
    }
}

/// What will be served, at an address that is taken already.
pub(super) struct Opened {
    /// Where, if anything is.
    pub(super) addr: Option<SocketAddr>,
    pub(super) ready: Ready,
    listener: Option<TcpListener>,
    token: Option<admin::Token>,
    names: expose::Names,
    created: expose::Created,
}

impl Admin {
    /// Takes the address, unless strangers could read there what is not meant for them.
    pub(super) fn open(self, environment: Environment) -> Result<Opened, InitError> {
        let Self { place, token, exposure, names, created, ready } = self;
        let token = admin::token(environment, token)?;
        let addr = match place {
            Place::Default => Some(environment.admin(None)?),
            Place::At(addr) => Some(environment.admin(Some(addr))?),
            Place::Nowhere => None,
        };
        if let Some(addr) = addr {
            admin::guard(environment, addr, token.as_ref(), exposure)?;
        }
        let listener = addr.map(bind).transpose()?;
        let addr = listener.as_ref().and_then(|listener| listener.local_addr().ok());
        Ok(Opened { addr, ready, listener, token, names, created })
    }
}

impl Opened {
    /// Serves what the store tells, until the telemetry thread ends.
    pub(super) fn serve(self, store: &Store, background: &Background) {
        let Self { addr: _, ready, listener, token, names, created } = self;
        let Some(listener) = listener else { return };
        let parts = Parts { store: store.clone(), names, created, token, ready, buffers: Buffers::default() };
        background.spawn(admin::serve(listener, Site::new(parts)));
    }
}

fn bind(addr: SocketAddr) -> Result<TcpListener, InitError> {
    let listen = || {
        let listener = TcpListener::bind(addr)?;
        listener.set_nonblocking(true)?;
        Ok(listener)
    };
    listen().map_err(|source| InitError::Admin { addr, source })
}
