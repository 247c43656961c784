//! Bots in Rust that submit orders one after the other.

use std::{
    error::Error,
    time::{Duration, Instant},
};

use hftbacktest::{
    live::{LiveBotBuilder, ipc::iceoryx::IceoryxUnifiedChannel},
    types::{Bot, ElapseResult, OrdType, Side, TimeInForce},
};
use hftlive::bot::{self, OrderRequest};
use hftlive::ffi::live::hashmap as abi;
use hftlive::handle;
use serde_json::json;

use crate::{
    read::{instrument, spin_config},
    report::{Latency, quantiles},
    wire::{PATIENCE, now_ns},
};

/// Time for a bot to be registered before its first order.
const SETTLE: Duration = Duration::from_millis(500);
/// Between two orders, in which the bot looks after its events as any bot does.
const PAUSE: Duration = Duration::from_micros(200);
const PRICE: f64 = 1_000.0;
const QTY: f64 = 1.0;
/// What the library's waits return for it (docs/abi.md).
const ORDER_RESPONSE: i64 = 3;

/// How many orders.
#[derive(Clone, Copy)]
pub struct Orders {
    /// Orders that count.
    pub counted: u64,
    /// Orders before them.
    pub warm_up: u64,
}

/// Upstream's bot on upstream's channel.
pub fn upstream(name: &str, orders: Orders) -> Result<(), Box<dyn Error>> {
    let mut bot = LiveBotBuilder::new()
        .register(instrument(name, 0))
        .build::<IceoryxUnifiedChannel>()?;
    let timeout = PATIENCE.as_nanos() as i64;
    bot.elapse(SETTLE.as_nanos() as i64)?;
    measure(orders, |id, start| {
        bot.submit_buy_order(0, id, PRICE, QTY, TimeInForce::GTC, OrdType::Limit, false)?;
        let answered = bot.wait_order_response(0, id, timeout)?;
        let took = start.elapsed();
        bot.elapse(PAUSE.as_nanos() as i64)?;
        Ok((answered, took))
    })
}

/// Upstream's bot on the channel that TypeScript uses.
pub fn spin(name: &str, orders: Orders) -> Result<(), Box<dyn Error>> {
    let mut bot = bot::build(&spin_config(name, 1)?)?;
    let timeout = PATIENCE.as_nanos() as i64;
    bot.elapse(SETTLE.as_nanos() as i64)?;
    measure(orders, |order_id, start| {
        let request = OrderRequest {
            order_id,
            side: Side::Buy,
            price: PRICE,
            qty: QTY,
            time_in_force: TimeInForce::GTC,
            order_type: OrdType::Limit,
        };
        bot.submit(0, request, false)?;
        let answered = bot.wait_order_response(0, order_id, timeout)?;
        let took = start.elapsed();
        bot.elapse(PAUSE.as_nanos() as i64)?;
        Ok((answered, took))
    })
}

/// The functions that TypeScript calls, called from Rust: with all that they check.
pub fn library(name: &str, orders: Orders) -> Result<(), Box<dyn Error>> {
    let bot = handle::insert(bot::build(&spin_config(name, 1)?)?).map_err(|error| error.text)?;
    let timeout = PATIENCE.as_nanos() as i64;
    abi::elapse(bot, SETTLE.as_nanos() as i64);
    measure(orders, |id, start| {
        let sent = abi::submit_buy_order(bot, 0, id, PRICE, QTY, 0, 0, 0);
        let answered = abi::wait_order_response(bot, 0, id, timeout);
        let took = start.elapsed();
        if sent != 0 || answered != ORDER_RESPONSE {
            return Err(format!("the library answered {sent} and {answered}").into());
        }
        abi::elapse(bot, PAUSE.as_nanos() as i64);
        Ok((ElapseResult::OrderResponse, took))
    })?;
    abi::close(bot);
    Ok(())
}

/// What became of an order, and how long it took.
type Answered = Result<(ElapseResult, Duration), Box<dyn Error>>;

fn measure(
    Orders { counted, warm_up }: Orders,
    mut order: impl FnMut(u64, Instant) -> Answered,
) -> Result<(), Box<dyn Error>> {
    let mut latency = Latency::new();
    for i in 0..warm_up + counted {
        if i == warm_up {
            latency.reset();
        }
        // The connector takes the id as the time of the submit.
        let (answered, took) = order(now_ns() as u64, Instant::now())?;
        if answered == ElapseResult::EndOfData {
            return Err("the connector went away".into());
        }
        latency.record(took.as_nanos() as i64);
    }
    println!(
        "{}",
        json!({ "received": latency.len(), "latencyNs": quantiles(&latency) })
    );
    Ok(())
}
