//! The shop: services worth watching, traffic for them, and a live view.

mod board;
mod carrier;
mod catalogue;
mod cli;
mod ending;
mod gateway;
mod glance;
mod intended_panic;
mod inventory;
mod listen;
mod proto;
mod shipping;
mod shop;
mod stop;
mod store;
mod traffic;
mod view;

use std::{error::Error, process::ExitCode, sync::Arc};

use clap::Parser;

use crate::{
    board::Address,
    cli::{Args, Callers, Load, Output},
    glance::Glance,
    shop::{Closed, Shop},
    stop::Trigger,
    traffic::{Pace, Tally, Targets},
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
    let shop = Shop::open(&args).await?;
    let ending = Trigger::new();

    let tally = Arc::new(Tally::default());
    let traffic = match args.load() {
        Load::Traffic => {
            let targets = Targets { gateway: shop.gateway, inventory: shop.inventory };
            let pace = Pace { per_second: args.rate, seed: args.seed };
            Some(tokio::spawn(traffic::run(targets, pace, Arc::clone(&tally), ending.stop())))
        }
        Load::None => None,
    };

    // Dropped when the user leaves the view; in plain output nobody leaves.
    let user = Trigger::new();
    let user_left = user.stop();
    let addresses = addresses(&args, &shop);
    let view = match args.output() {
        Output::View => {
            let mut glance = Glance::new(addresses, shop.jobs.clone(), Arc::clone(&tally));
            let stop = ending.stop();
            Some(tokio::task::spawn_blocking(move || {
                let _user = user;
                view::show(|| glance.look(), &stop)
            }))
        }
        Output::Plain => {
            for Address { name, url } in addresses {
                println!("{name:10} {url}");
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
        traffic.await??;
        println!("{tally}");
    }
    if shop.close().await == Closed::Cut {
        eprintln!("shop: some exchanges took too long to finish and were dropped");
    }
    Ok(ended?)
}

fn addresses(args: &Args, shop: &Shop) -> Vec<Address> {
    let gateway = match args.callers() {
        Callers::Known => "gateway",
        Callers::Strangers => "gateway (edge)",
    };
    vec![
        Address { name: gateway, url: format!("http://{}", shop.gateway) },
        Address { name: "inventory", url: format!("grpc://{}", shop.inventory) },
        Address { name: "metrics", url: format!("http://{}/metrics", args.admin) },
    ]
}
