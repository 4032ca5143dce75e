//! Where each service of the shop is found.

use std::net::SocketAddr;

use tokio::net::TcpListener;

use crate::{
    AnyError,
    cli::Args,
    listen::{self, Listen},
};

/// The services of this process where they listen, the others where they are said to be.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Places {
    pub(crate) gateway: SocketAddr,
    pub(crate) inventory: SocketAddr,
    pub(crate) shipping: SocketAddr,
    pub(crate) carrier: SocketAddr,
}

impl Places {
    pub(crate) fn named(args: &Args) -> Self {
        Self {
            gateway: args.gateway,
            inventory: args.inventory,
            shipping: args.shipping,
            carrier: args.carrier(),
        }
    }

    /// # Errors
    /// As those below: when the address cannot be had.
    pub(crate) async fn take_gateway(&mut self) -> Result<TcpListener, AnyError> {
        take(listen::GATEWAY, &mut self.gateway).await
    }

    pub(crate) async fn take_inventory(&mut self) -> Result<TcpListener, AnyError> {
        take(listen::INVENTORY, &mut self.inventory).await
    }

    pub(crate) async fn take_shipping(&mut self) -> Result<TcpListener, AnyError> {
        take(listen::SHIPPING, &mut self.shipping).await
    }

    pub(crate) async fn take_carrier(&mut self) -> Result<TcpListener, AnyError> {
        take(listen::CARRIER, &mut self.carrier).await
    }
}

/// Listens there, and notes the port that it became.
async fn take(listen: Listen, place: &mut SocketAddr) -> Result<TcpListener, AnyError> {
    let listener = listen.on(*place).await?;
    *place = listener.local_addr()?;
    Ok(listener)
}
