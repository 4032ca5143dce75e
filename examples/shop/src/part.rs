//! The parts of the shop that can be processes of their own.

use clap::ValueEnum;

/// A process of the shop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Part {
    /// Takes orders (HTTP); needs the other two services
    Gateway,
    /// Knows what is on the shelves (gRPC)
    Inventory,
    /// Packs and ships (gRPC), and is neighbour to the carrier (HTTP)
    Shipping,
    /// Calls the gateway and the inventory
    Traffic,
}

impl Part {
    /// `service.name`, where `OTEL_SERVICE_NAME` says nothing.
    pub(crate) const fn service_name(self) -> &'static str {
        match self {
            Self::Gateway => "shop-gateway",
            Self::Inventory => "shop-inventory",
            Self::Shipping => "shop-shipping",
            Self::Traffic => "shop-traffic",
        }
    }

    /// Where metrics and health are served, unless somebody says otherwise.
    pub(crate) const fn admin_port(self) -> u16 {
        match self {
            Self::Gateway => 9464,
            Self::Inventory => 9465,
            Self::Shipping => 9466,
            Self::Traffic => 9467,
        }
    }

    /// What starts it.
    pub(crate) const fn command(self) -> &'static str {
        match self {
            Self::Gateway => "shop gateway",
            Self::Inventory => "shop inventory",
            Self::Shipping => "shop shipping",
            Self::Traffic => "shop traffic",
        }
    }
}
