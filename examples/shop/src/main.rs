//! The shop: services worth watching, in one process or in four, traffic for them, and a live view.

mod board;
mod carrier;
mod catalogue;
mod channel;
mod cli;
mod ending;
mod gateway;
mod grpc;
mod intended_panic;
mod inventory;
mod listen;
mod measure;
mod neighbour;
mod part;
mod place;
mod proto;
mod shipping;
mod shop;
mod side;
mod stop;
mod store;
mod traffic;
mod view;
mod watch;

use std::{error::Error, process::ExitCode, sync::Arc};

use clap::Parser;

use crate::{
    board::Address,
    cli::{Args, Callers, Load, Output},
    measure::Measure,
    part::Part,
    place::Places,
    shop::{Closed, Shop},
    stop::{Stop, Trigger},
    traffic::{Clients, Pace, Tally, Targets},
    watch::Watch,
};

type AnyError = Box<dyn Error + Send + Sync>;

#[tokio::main]
async fn main() -> ExitCode {
    intended_panic::silence(view::restore);
    match run(Args::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(args: Args) -> Result<(), AnyError> {
    let watch = Watch::set_up(&args)?;
    let shop = Shop::open(&args, &watch).await?;
    let ending = Trigger::new();

    let tally = Arc::new(Tally::default());
    let traffic = match args.load() {
        Load::Traffic => {
            let Places { gateway, inventory, .. } = shop.places;
            let targets = Targets { gateway, inventory };
            let pace = Pace { per_second: args.rate, seed: args.seed };
            let clients = match args.part {
                Some(_) => Clients::watched(targets, &watch)?,
                None => Clients::plain(targets)?,
            };
            Some(tokio::spawn(call(targets, clients, pace, Arc::clone(&tally), ending.stop())))
        }
        Load::None => None,
    };

    // Dropped when the user leaves the view; in plain output nobody leaves.
    let user = Trigger::new();
    let user_left = user.stop();
    let addresses = addresses(&args, &shop, &watch);
    let view = match args.output() {
        Output::View => {
            let mut measure = Measure::new(addresses, shop.jobs.clone(), watch.clone());
            let stop = ending.stop();
            Some(tokio::task::spawn_blocking(move || {
                let _user = user;
                view::show(|| measure.look(), &stop)
            }))
        }
        Output::Plain => {
            for Address { name, url } in addresses {
                tracing::info!(name, url, "open");
            }
            None
        }
    };

    let ended = tokio::select! {
        ended = ending::asked(args.run_for) => ended,
        () = user_left.requested() => Ok(()),
    };
    ending.pull();
    if let Some(view) = view {
        view.await??;
    }
    if let Some(traffic) = traffic {
        traffic.await?;
    }
    if shop.close().await == Closed::Cut {
        eprintln!("shop: some exchanges took too long to finish and were dropped");
    }
    let verdicts = watch.close().await;
    for finding in verdicts.findings() {
        eprintln!("shop: {finding}");
    }
    if args.output() == Output::View || args.part == Some(Part::Traffic) {
        println!("what the callers saw\n{tally}");
    }
    println!("{verdicts}");
    Ok(ended?)
}

/// The traffic, as soon as those are there whom it calls.
async fn call(targets: Targets, clients: Clients, pace: Pace, tally: Arc<Tally>, stop: Stop) {
    let found = async {
        neighbour::found(Part::Gateway, targets.gateway).await;
        neighbour::found(Part::Inventory, targets.inventory).await;
    };
    tokio::select! {
        () = stop.clone().requested() => return,
        () = found => {}
    }
    traffic::run(targets, clients, pace, tally, stop).await;
}

/// Where the services of this process are.
fn addresses(args: &Args, shop: &Shop, watch: &Watch) -> Vec<Address> {
    let gateway = match args.callers() {
        Callers::Known => "gateway",
        Callers::Strangers => "gateway (edge)",
    };
    let Places { gateway: http, inventory, shipping, .. } = shop.places;
    let gateway = Address { name: gateway, url: format!("http://{http}") };
    let inventory = Address { name: "inventory", url: format!("grpc://{inventory}") };
    let mut addresses = match args.part {
        None => vec![gateway, inventory],
        Some(Part::Gateway) => vec![gateway],
        Some(Part::Inventory) => vec![inventory],
        Some(Part::Shipping) => vec![Address { name: "shipping", url: format!("grpc://{shipping}") }],
        Some(Part::Traffic) => Vec::new(),
    };
    addresses.extend(
        watch.admin().map(|admin| Address { name: "metrics", url: format!("http://{admin}/metrics") }),
    );
    addresses
}
