//! A connector for tests and demonstrations: the command line and the wire of hftbacktest's connector, with a synthetic
//! or recorded market behind it and an exchange that matches orders against that market.

mod args;
mod book;
mod clock;
mod config;
mod connector;
mod faults;
mod feed;
mod gateway;
mod market;
mod matching;
mod pace;
mod publisher;
mod refusal;
mod rng;
mod signals;
mod source;
mod stats;
mod wire;

use std::{fs, panic, process};

use tracing::error;

use crate::{args::Args, config::Config, connector::Connector};

fn main() {
    // As in the real connector: a panic ends the process at once with code 1, without clean-up.
    let report = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        report(info);
        process::exit(1);
    }));

    let args = Args::from_command_line();
    tracing_subscriber::fmt::init();

    match run(args) {
        Ok(code) => process::exit(code),
        Err(error) => {
            error!("{error}");
            process::exit(1);
        }
    }
}

/// The configuration is read before TYPE is looked at, in the real connector's order.
fn run(args: Args) -> Result<i32, Box<dyn std::error::Error>> {
    let text = fs::read_to_string(&args.config)
        .map_err(|error| format!("Couldn't read the configuration {:?}: {error}", args.config))?;
    let connector_type = args.connector_type()?;
    let config = Config::parse(&text)
        .map_err(|error| format!("Invalid configuration {:?}: {error}", args.config))?;
    Ok(Connector::new(&args, connector_type, config)?.run()?)
}
