//! Baselines for the benchmarks: stand-ins for a connector, and bots in Rust. Each prints JSON lines.

mod answer;
mod connector;
mod cpu;
mod order;
mod pace;
mod publish;
mod read;
mod report;
mod wire;

use std::error::Error;
use std::process::ExitCode;

const USAGE: &str = "usage: hftlive-bench publish NAME EVENTS PACE INSTRUMENTS BOTS
       hftlive-bench read raw|upstream|spin NAME INSTRUMENTS
       hftlive-bench answer NAME ORDERS WARM_UP
       hftlive-bench order upstream|spin|library NAME ORDERS WARM_UP

publish  answers BOTS bots for INSTRUMENTS instruments, then publishes EVENTS market events;
         PACE is events a second, `flat` for as fast as possible, or `burst:SIZE:PAUSE_MS`
read     measures latency from publish to the reader
answer   receives ORDERS orders, measures their way, and answers each
order    submits ORDERS orders one after the other and measures the round trip;
         WARM_UP more come before them and do not count";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match run(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("hftlive-bench: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: &[&str]) -> Result<(), Box<dyn Error>> {
    match *args {
        ["publish", name, events, pace, instruments, bots] => publish::run(
            name,
            &publish::Load {
                events: events.parse()?,
                pace: pace.parse()?,
                instruments: instruments.parse()?,
                bots: bots.parse()?,
            },
        ),
        ["read", "raw", name, instruments] => read::raw(name, instruments.parse()?),
        ["read", "upstream", name, instruments] => read::upstream(name, instruments.parse()?),
        ["read", "spin", name, instruments] => read::spin(name, instruments.parse()?),
        ["answer", name, counted, warm_up] => answer::run(name, orders(counted, warm_up)?),
        ["order", "upstream", name, counted, warm_up] => {
            order::upstream(name, orders(counted, warm_up)?)
        }
        ["order", "spin", name, counted, warm_up] => order::spin(name, orders(counted, warm_up)?),
        ["order", "library", name, counted, warm_up] => {
            order::library(name, orders(counted, warm_up)?)
        }
        _ => Err(USAGE.into()),
    }
}

fn orders(counted: &str, warm_up: &str) -> Result<order::Orders, Box<dyn Error>> {
    Ok(order::Orders {
        counted: counted.parse()?,
        warm_up: warm_up.parse()?,
    })
}
