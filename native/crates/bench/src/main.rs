//! Baselines for the benchmarks: a publisher that stands in for a connector, and readers in Rust.
//!
//! `hftlive-bench publish NAME EVENTS RATE` publishes EVENTS market events on NAME's channel once a
//! bot has registered: RATE events a second, or as fast as it can when RATE is 0.
//! `hftlive-bench read raw|upstream|spin NAME` reads them and prints what it measured as JSON.

mod publish;
mod read;
mod report;
mod wire;

use std::process::ExitCode;

const USAGE: &str = "usage: hftlive-bench publish NAME EVENTS RATE
       hftlive-bench read raw|upstream|spin NAME";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let result = match args[..] {
        ["publish", name, events, rate] => match (events.parse(), rate.parse()) {
            (Ok(events), Ok(rate)) => publish::run(name, events, rate),
            _ => Err(USAGE.into()),
        },
        ["read", "raw", name] => read::raw(name),
        ["read", "upstream", name] => read::upstream(name),
        ["read", "spin", name] => read::spin(name),
        _ => Err(USAGE.into()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("hftlive-bench: {error}");
            ExitCode::FAILURE
        }
    }
}
