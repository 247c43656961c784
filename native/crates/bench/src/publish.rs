//! A connector that publishes market events.

use std::{
    error::Error,
    thread,
    time::{Duration, Instant},
};

use hftbacktest::{
    live::ipc::TO_ALL,
    types::{
        Event, LOCAL_ASK_DEPTH_EVENT, LOCAL_BID_DEPTH_EVENT, LOCAL_BUY_TRADE_EVENT,
        LOCAL_SELL_TRADE_EVENT, LiveEvent,
    },
};
use serde_json::json;

use crate::{
    connector::Connector,
    pace::Pace,
    wire::{END_MARK, FIRST_SEQUENCE, TICK_SIZE, now_ns, symbol},
};

/// Events before those that count: until then V8 goes on compiling what an event passes through, on the
/// reader's core.
const WARM_UP_EVENTS: u64 = 30_000;
/// Events a second of the warm-up, which the slowest reader can follow.
const WARM_UP_PACE: Pace = Pace::Rate(10_000);
/// For readers to take what waits.
const WARM_UP_PAUSE: Duration = Duration::from_millis(100);
/// Ends are repeated, so that a reader that lost events still sees one.
const END_MARKS: u32 = 300;

/// What to publish.
pub struct Load {
    /// Events in all.
    pub events: u64,
    /// How they follow one another.
    pub pace: Pace,
    /// Instruments that take turns.
    pub instruments: usize,
    /// Bots to wait for.
    pub bots: usize,
}

/// Publishes once all bots have registered.
pub fn run(name: &str, load: &Load) -> Result<(), Box<dyn Error>> {
    if load.instruments == 0 || load.bots == 0 {
        return Err("at least one instrument and one bot".into());
    }
    let connector = Connector::open(name)?;
    connector.answer_registrations(load.instruments * load.bots)?;

    let symbols: Vec<String> = (0..load.instruments).map(symbol).collect();
    let first = FIRST_SEQUENCE - WARM_UP_EVENTS as i64;
    send(&connector, &symbols, first, WARM_UP_PACE, WARM_UP_EVENTS)?;
    thread::sleep(WARM_UP_PAUSE);
    let start = Instant::now();
    send(&connector, &symbols, FIRST_SEQUENCE, load.pace, load.events)?;
    let seconds = start.elapsed().as_secs_f64();
    println!(
        "{}",
        json!({ "published": load.events, "seconds": seconds })
    );

    for _ in 0..END_MARKS {
        connector
            .events
            .send(TO_ALL, &feed(&symbols[0], END_MARK, 0))?;
        thread::sleep(Duration::from_millis(1));
    }
    Ok(())
}

/// Publishes events whose numbers begin with `first`.
fn send(
    connector: &Connector,
    symbols: &[String],
    first: i64,
    pace: Pace,
    events: u64,
) -> Result<(), Box<dyn Error>> {
    let start = Instant::now();
    for i in 0..events {
        pace.wait(start, i);
        let symbol = &symbols[i as usize % symbols.len()];
        let event = feed(symbol, first + i as i64, i / symbols.len() as u64);
        connector.events.send(TO_ALL, &event)?;
    }
    Ok(())
}

/// One in four is a trade; the others change one of ten levels on either side.
fn feed(symbol: &str, sequence: i64, i: u64) -> LiveEvent {
    let level = (i % 10) as f64;
    let (ev, px) = match i % 8 {
        0 => (LOCAL_BUY_TRADE_EVENT, 1_000.0 + TICK_SIZE),
        4 => (LOCAL_SELL_TRADE_EVENT, 1_000.0),
        n if n % 2 == 1 => (LOCAL_BID_DEPTH_EVENT, 1_000.0 - level * TICK_SIZE),
        _ => (LOCAL_ASK_DEPTH_EVENT, 1_000.0 + (level + 1.0) * TICK_SIZE),
    };
    LiveEvent::Feed {
        symbol: symbol.to_string(),
        event: Event {
            ev,
            exch_ts: sequence,
            local_ts: now_ns(),
            px,
            qty: 1.0 + level,
            order_id: 0,
            ival: 0,
            fval: 0.0,
        },
    }
}
