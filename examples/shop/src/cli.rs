//! The command line.

use std::{
    io::{self, IsTerminal},
    net::SocketAddr,
    num::ParseIntError,
    time::Duration,
};

use clap::{Parser, ValueEnum};

use crate::part::Part;

/// A small shop: a gateway (HTTP), an inventory (gRPC), a carrier, shipping workers, and traffic for them, in one process
/// or in four.
#[derive(Debug, Clone, Parser)]
#[command(name = "shop", version)]
pub(crate) struct Args {
    /// Run this part alone, with others in processes of their own; without it, the whole shop in this one
    #[arg(value_enum, value_name = "PART")]
    pub(crate) part: Option<Part>,
    /// Where the gateway listens (HTTP)
    #[arg(long, env = "SHOP_GATEWAY", value_name = "ADDR", default_value = "127.0.0.1:3000")]
    pub(crate) gateway: SocketAddr,
    /// Where the inventory listens (gRPC)
    #[arg(long, env = "SHOP_INVENTORY", value_name = "ADDR", default_value = "127.0.0.1:50051")]
    pub(crate) inventory: SocketAddr,
    /// Where shipping listens when it is a process of its own (gRPC)
    #[arg(long, env = "SHOP_SHIPPING", value_name = "ADDR", default_value = "127.0.0.1:50052")]
    pub(crate) shipping: SocketAddr,
    /// Where the carrier listens (HTTP), in the process of shipping [default: 127.0.0.1:3001, or any free port in one process]
    #[arg(long, env = "SHOP_CARRIER", value_name = "ADDR")]
    carrier: Option<SocketAddr>,
    /// Where metrics and health are served [default: 127.0.0.1:9464, and the next three ports for inventory, shipping and traffic]
    #[arg(long, env = "SHOP_ADMIN", value_name = "ADDR")]
    admin: Option<SocketAddr>,
    /// Which traces are kept; `OTEL_TRACES_SAMPLER` wins [default: all, up to 10,000 spans per second]
    #[arg(long, env = "SHOP_SAMPLING", value_enum, value_name = "WHICH")]
    pub(crate) sampling: Option<Sampling>,
    /// Print lines instead of drawing the live view (the default when stdout is no terminal)
    #[arg(long)]
    plain: bool,
    /// Start the services alone and wait for requests
    #[arg(long)]
    no_traffic: bool,
    /// Treat the gateway as an edge: its callers are strangers whose trace and request ids are not trusted
    #[arg(long)]
    edge: bool,
    /// Stop after this time ("500ms", "10s", "1m"); without it, run until Ctrl-C
    #[arg(long = "for", value_name = "TIME", value_parser = duration)]
    pub(crate) run_for: Option<Duration>,
    /// Exchanges that the traffic starts per second
    #[arg(long, env = "SHOP_RATE", value_name = "N", default_value_t = 300, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub(crate) rate: u32,
    /// What the traffic's choices are drawn from: the same seed makes the same choices
    #[arg(long, env = "SHOP_SEED", value_name = "N", default_value_t = 1)]
    pub(crate) seed: u64,
}

/// Which traces are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Sampling {
    /// All of them
    Full,
    /// One in a hundred, and at its end whatever failed, was slow, or is new
    Production,
}

/// How the shop shows itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Output {
    View,
    Plain,
}

/// Where requests come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Load {
    /// From the built-in traffic.
    Traffic,
    /// From outside alone.
    None,
}

/// Who calls the gateway.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Callers {
    /// Neighbours, whose ids are taken over.
    Known,
    /// Anyone: the gateway is the edge.
    Strangers,
}

impl Args {
    pub(crate) fn admin(&self) -> SocketAddr {
        self.admin.unwrap_or_else(|| local(self.part.map_or(9464, Part::admin_port)))
    }

    pub(crate) fn carrier(&self) -> SocketAddr {
        // In one process nobody else has to find it.
        self.carrier.unwrap_or_else(|| local(self.part.map_or(0, |_| 3001)))
    }

    pub(crate) fn output(&self) -> Output {
        if self.plain || !io::stdout().is_terminal() { Output::Plain } else { Output::View }
    }

    pub(crate) fn load(&self) -> Load {
        match self.part {
            None | Some(Part::Traffic) if !self.no_traffic => Load::Traffic,
            _ => Load::None,
        }
    }

    pub(crate) fn callers(&self) -> Callers {
        if self.edge { Callers::Strangers } else { Callers::Known }
    }
}

fn local(port: u16) -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], port))
}

/// A whole number and a unit: `ms`, `s` or `m`.
fn duration(text: &str) -> Result<Duration, String> {
    let split = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(split);
    let number: u64 = number.parse().map_err(|error: ParseIntError| error.to_string())?;
    match unit {
        "ms" => Ok(Duration::from_millis(number)),
        "s" => Ok(Duration::from_secs(number)),
        "m" => number.checked_mul(60).map(Duration::from_secs).ok_or_else(|| "too long".to_owned()),
        _ => Err("give a whole number and a unit: 500ms, 10s or 1m".to_owned()),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use std::time::Duration;

    use clap::{CommandFactory, Parser};

    use super::{Args, Callers, Load, Output, Sampling, duration};
    use crate::part::Part;

    #[test]
    fn the_command_line_is_well_formed() {
        Args::command().debug_assert();
    }

    #[test]
    fn times_are_read_with_their_unit() {
        assert_eq!(duration("500ms"), Ok(Duration::from_millis(500)));
        assert_eq!(duration("10s"), Ok(Duration::from_secs(10)));
        assert_eq!(duration("2m"), Ok(Duration::from_secs(120)));
        for wrong in ["", "10", "s", "-1s", "1h", "1.5s", "99999999999999999999s", "18446744073709551615m"] {
            assert!(duration(wrong).is_err(), "{wrong:?} was read as a time");
        }
    }

    #[test]
    fn flags_are_read() {
        let args =
            Args::parse_from(["shop", "--for", "10s", "--gateway", "127.0.0.1:1", "--plain", "--rate", "7"]);
        assert_eq!(args.run_for, Some(Duration::from_secs(10)));
        assert_eq!(args.gateway, "127.0.0.1:1".parse().unwrap());
        assert_eq!(
            (args.output(), args.load(), args.callers()),
            (Output::Plain, Load::Traffic, Callers::Known)
        );
        assert_eq!(args.rate, 7);
        let args = Args::parse_from(["shop", "--plain", "--no-traffic", "--edge"]);
        assert_eq!((args.load(), args.callers()), (Load::None, Callers::Strangers));
    }

    #[test]
    fn four_processes_find_each_other_and_one_takes_any_port_for_its_carrier() {
        let whole = Args::parse_from(["shop"]);
        assert_eq!((whole.part, whole.admin().port(), whole.carrier().port()), (None, 9464, 0));
        let admin = ["gateway", "inventory", "shipping", "traffic"].map(|part| {
            let args = Args::parse_from(["shop", part, "--sampling", "production"]);
            assert_eq!((args.carrier().port(), args.sampling), (3001, Some(Sampling::Production)));
            assert_eq!(args.load() == Load::Traffic, args.part == Some(Part::Traffic));
            args.admin().port()
        });
        assert_eq!(admin, [9464, 9465, 9466, 9467]);
        assert!(Args::try_parse_from(["shop", "warehouse"]).is_err());
    }
}
