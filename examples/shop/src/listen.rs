//! A listening socket, or an error that says which flag to change.

use std::{fmt, io, net::SocketAddr};

use tokio::net::TcpListener;

/// Who listens, and how its address is chosen.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Listen {
    pub(crate) who: &'static str,
    pub(crate) flag: &'static str,
    pub(crate) variable: &'static str,
}

pub(crate) const GATEWAY: Listen = Listen { who: "gateway", flag: "--gateway", variable: "SHOP_GATEWAY" };
pub(crate) const INVENTORY: Listen =
    Listen { who: "inventory", flag: "--inventory", variable: "SHOP_INVENTORY" };
pub(crate) const SHIPPING: Listen = Listen { who: "shipping", flag: "--shipping", variable: "SHOP_SHIPPING" };
pub(crate) const CARRIER: Listen = Listen { who: "carrier", flag: "--carrier", variable: "SHOP_CARRIER" };
pub(crate) const ADMIN: Listen = Listen { who: "admin", flag: "--admin", variable: "SHOP_ADMIN" };

impl Listen {
    /// # Errors
    /// When the address is taken, or cannot be listened on.
    pub(crate) async fn on(self, address: SocketAddr) -> Result<TcpListener, ListenError> {
        TcpListener::bind(address).await.map_err(|source| self.refused(address, source))
    }

    /// What to tell of an address that somebody else tried to listen on for this one.
    pub(crate) fn refused(self, address: SocketAddr, source: io::Error) -> ListenError {
        ListenError { listen: self, address, source }
    }
}

/// The address could not be had.
#[derive(Debug)]
pub(crate) struct ListenError {
    listen: Listen,
    address: SocketAddr,
    source: io::Error,
}

impl fmt::Display for ListenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { listen: Listen { who, flag, variable }, address, source } = self;
        match source.kind() {
            io::ErrorKind::AddrInUse => write!(f, "{who}: {address} is in use")?,
            _ => write!(f, "{who}: cannot listen on {address} ({source})")?,
        }
        write!(f, "; choose another with {flag} ADDR or {variable}")
    }
}

impl std::error::Error for ListenError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.source)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use super::GATEWAY;

    #[tokio::test]
    async fn a_taken_address_names_the_flag_to_change() {
        let taken = GATEWAY.on("127.0.0.1:0".parse().unwrap()).await.unwrap();
        let address = taken.local_addr().unwrap();
        let error = GATEWAY.on(address).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("gateway: {address} is in use; choose another with --gateway ADDR or SHOP_GATEWAY")
        );
    }
}
