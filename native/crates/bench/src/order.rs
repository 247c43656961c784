//! Bots in Rust that submit orders one after the other.

use std::{
    error::Error,
    thread,
    time::{Duration, Instant},
};

use hftbacktest::{
    live::{LiveBotBuilder, ipc::iceoryx::IceoryxUnifiedChannel},
    types::{Bot, ElapseResult, OrdType, Side, TimeInForce},
};
use hftlive::bot::{self, OrderRequest};
use serde_json::json;

use crate::{
    read::{instrument, spin_config},
    report::{Latency, quantiles},
    wire::{PATIENCE, now_ns},
};

/// Time for a bot to be registered before its first order.
const SETTLE: Duration = Duration::from_millis(500);
/// Between two orders.
const PAUSE: Duration = Duration::from_micros(200);
const PRICE: f64 = 1_000.0;
const QTY: f64 = 1.0;

/// Upstream's bot on upstream's channel.
pub fn upstream(name: &str, orders: u64) -> Result<(), Box<dyn Error>> {
    let mut bot = LiveBotBuilder::new()
        .register(instrument(name, 0))
        .build::<IceoryxUnifiedChannel>()?;
    let timeout = PATIENCE.as_nanos() as i64;
    bot.elapse(SETTLE.as_nanos() as i64)?;
    measure(orders, |id| {
        bot.submit_buy_order(0, id, PRICE, QTY, TimeInForce::GTC, OrdType::Limit, false)?;
        Ok(bot.wait_order_response(0, id, timeout)?)
    })
}

/// Upstream's bot on the channel that TypeScript uses.
pub fn spin(name: &str, orders: u64) -> Result<(), Box<dyn Error>> {
    let mut bot = bot::build(&spin_config(name, 1)?)?;
    let timeout = PATIENCE.as_nanos() as i64;
    bot.elapse(SETTLE.as_nanos() as i64)?;
    measure(orders, |order_id| {
        let request = OrderRequest {
            order_id,
            side: Side::Buy,
            price: PRICE,
            qty: QTY,
            time_in_force: TimeInForce::GTC,
            order_type: OrdType::Limit,
        };
        bot.submit(0, request, false)?;
        Ok(bot.wait_order_response(0, order_id, timeout)?)
    })
}

type Answered = Result<ElapseResult, Box<dyn Error>>;

fn measure(orders: u64, mut order: impl FnMut(u64) -> Answered) -> Result<(), Box<dyn Error>> {
    let mut latency = Latency::new();
    for _ in 0..orders {
        let start = Instant::now();
        // The connector takes the id as the time of the submit.
        if order(now_ns() as u64)? == ElapseResult::EndOfData {
            return Err("the connector went away".into());
        }
        latency.record(start.elapsed().as_nanos() as i64);
        thread::sleep(PAUSE);
    }
    println!(
        "{}",
        json!({ "received": latency.len(), "latencyNs": quantiles(&latency) })
    );
    Ok(())
}
