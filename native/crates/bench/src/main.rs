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
       hftlive-bench answer NAME ORDERS
       hftlive-bench order upstream|spin NAME ORDERS

publish  answers BOTS bots for INSTRUMENTS instruments, then publishes EVENTS market events;
         PACE is events a second, `flat` for as fast as possible, or `burst:SIZE:PAUSE_MS`
read     measures latency from publish to the reader
answer   receives ORDERS orders, measures their way, and answers each
order    submits ORDERS orders one after the other and measures the round trip";

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
        ["answer", name, orders] => answer::run(name, orders.parse()?),
        ["order", "upstream", name, orders] => order::upstream(name, orders.parse()?),
        ["order", "spin", name, orders] => order::spin(name, orders.parse()?),
        _ => Err(USAGE.into()),
    }
}
