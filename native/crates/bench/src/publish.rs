//! The publisher: answers a registration, then publishes at a rate.

use std::{
    error::Error,
    thread,
    time::{Duration, Instant},
};

use hftbacktest::{
    live::ipc::{
        TO_ALL,
        iceoryx::{IceoryxBuilder, IceoryxReceiver, IceoryxSender},
    },
    types::{
        Event, LOCAL_ASK_DEPTH_EVENT, LOCAL_BID_DEPTH_EVENT, LOCAL_BUY_TRADE_EVENT,
        LOCAL_SELL_TRADE_EVENT, LiveEvent, LiveRequest,
    },
};
use serde_json::json;

use crate::wire::{END_MARK, FIRST_SEQUENCE, PATIENCE, SYMBOL, TICK_SIZE, now_ns};

/// Ends are repeated, so that a reader that lost events still sees one.
const END_MARKS: u32 = 300;

pub fn run(name: &str, events: u64, rate: u64) -> Result<(), Box<dyn Error>> {
    let requests: IceoryxReceiver<LiveRequest> = IceoryxBuilder::new(name).bot(false).receiver()?;
    let sender: IceoryxSender<LiveEvent> = IceoryxBuilder::new(name).bot(false).sender()?;

    // Upstream's bot registers once, so it must not start before somebody listens.
    println!("{}", json!({ "listening": true }));
    let bot = registration(&requests)?;
    sender.send(bot, &LiveEvent::BatchStart)?;
    sender.send(bot, &LiveEvent::BatchEnd)?;
    // A reader's start-up is not what is measured.
    thread::sleep(Duration::from_millis(200));

    let start = Instant::now();
    for i in 0..events {
        if rate > 0 {
            let due =
                Duration::from_nanos((u128::from(i) * 1_000_000_000 / u128::from(rate)) as u64);
            while start.elapsed() < due {
                std::hint::spin_loop();
            }
        }
        sender.send(TO_ALL, &feed(FIRST_SEQUENCE + i as i64, i))?;
    }
    let seconds = start.elapsed().as_secs_f64();
    println!("{}", json!({ "published": events, "seconds": seconds }));

    for _ in 0..END_MARKS {
        sender.send(TO_ALL, &feed(END_MARK, 0))?;
        thread::sleep(Duration::from_millis(1));
    }
    Ok(())
}

fn registration(requests: &IceoryxReceiver<LiveRequest>) -> Result<u64, Box<dyn Error>> {
    let start = Instant::now();
    while start.elapsed() < PATIENCE {
        if let Some((bot, LiveRequest::RegisterInstrument { .. })) = requests.receive()? {
            return Ok(bot);
        }
        thread::sleep(Duration::from_millis(1));
    }
    Err("no bot registered".into())
}

/// One in four is a trade; the others change one of ten levels on either side.
fn feed(sequence: i64, i: u64) -> LiveEvent {
    let level = (i % 10) as f64;
    let (ev, px) = match i % 8 {
        0 => (LOCAL_BUY_TRADE_EVENT, 1_000.0 + TICK_SIZE),
        4 => (LOCAL_SELL_TRADE_EVENT, 1_000.0),
        n if n % 2 == 1 => (LOCAL_BID_DEPTH_EVENT, 1_000.0 - level * TICK_SIZE),
        _ => (LOCAL_ASK_DEPTH_EVENT, 1_000.0 + (level + 1.0) * TICK_SIZE),
    };
    LiveEvent::Feed {
        symbol: SYMBOL.to_string(),
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
