//! A connector that receives orders and answers each at once.

use std::{error::Error, hint::spin_loop, time::Instant};

use hftbacktest::types::{LiveEvent, LiveRequest, Status};
use serde_json::json;

use crate::{
    connector::Connector,
    order::Orders,
    report::{Latency, quantiles},
    wire::{PATIENCE, now_ns},
};

/// Receives so many orders of one bot; measures from the bot's submit to the receipt here.
pub fn run(name: &str, Orders { counted, warm_up }: Orders) -> Result<(), Box<dyn Error>> {
    let connector = Connector::open(name)?;
    connector.answer_registrations(1)?;
    let mut latency = Latency::new();
    let mut last = Instant::now();
    let mut received = 0;
    while received < warm_up + counted {
        match connector.requests.receive()? {
            Some((bot, LiveRequest::Order { symbol, mut order })) => {
                let now = now_ns();
                if received == warm_up {
                    latency.reset();
                }
                received += 1;
                // A bot takes the time before it submits as the order's id.
                latency.record(now - order.order_id as i64);
                order.exch_timestamp = now;
                order.status = Status::New;
                order.req = Status::None;
                connector
                    .events
                    .send(bot, &LiveEvent::Order { symbol, order })?;
                last = Instant::now();
            }
            Some(_) => {}
            None if last.elapsed() > PATIENCE => return Err("the bot went silent".into()),
            None => spin_loop(),
        }
    }
    println!(
        "{}",
        json!({ "received": latency.len(), "latencyNs": quantiles(&latency) })
    );
    Ok(())
}
