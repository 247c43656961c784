//! Readers in Rust: the bare subscriber, and upstream's bot on its own channel and on ours.

use std::{error::Error, time::Instant};

use hftbacktest::{
    depth::HashMapMarketDepth,
    live::{
        Instrument, LiveBotBuilder,
        ipc::iceoryx::{IceoryxBuilder, IceoryxReceiver, IceoryxSender, IceoryxUnifiedChannel},
    },
    types::{Bot, ElapseResult, LiveEvent, LiveRequest},
};
use hftlive::{bot, config::BotConfig};
use serde_json::json;

use crate::{
    report::Report,
    wire::{LOT_SIZE, PATIENCE, SYMBOL, TICK_SIZE},
};

const BOT_ID: u64 = 7;

/// Reads the subscriber and decodes, without a bot: the limit of what any bot can reach.
pub fn raw(name: &str) -> Result<(), Box<dyn Error>> {
    let sender: IceoryxSender<LiveRequest> = IceoryxBuilder::new(name).sender()?;
    let receiver: IceoryxReceiver<LiveEvent> = IceoryxBuilder::new(name).receiver()?;
    sender.send(
        BOT_ID,
        &LiveRequest::RegisterInstrument {
            symbol: SYMBOL.to_string(),
            tick_size: TICK_SIZE,
            lot_size: LOT_SIZE,
        },
    )?;
    let mut report = Report::new();
    let mut last = Instant::now();
    loop {
        match receiver.receive()? {
            Some((_, LiveEvent::Feed { event, .. })) => {
                last = Instant::now();
                if report.event(event.exch_ts, event.local_ts) {
                    break;
                }
            }
            Some(_) => {}
            None if last.elapsed() > PATIENCE => return Err("the publisher went silent".into()),
            None => std::hint::spin_loop(),
        }
    }
    println!("{}", report.json());
    Ok(())
}

/// Upstream's bot on upstream's channel.
pub fn upstream(name: &str) -> Result<(), Box<dyn Error>> {
    let mut bot = LiveBotBuilder::new()
        .id(BOT_ID)
        .register(Instrument::new(
            name,
            SYMBOL,
            TICK_SIZE,
            LOT_SIZE,
            HashMapMarketDepth::new(TICK_SIZE, LOT_SIZE),
            0,
        ))
        .build::<IceoryxUnifiedChannel>()?;
    read(move |timeout| {
        let result = bot.wait_next_feed(false, timeout)?;
        Ok((result, bot.feed_latency(0)))
    })
}

/// Upstream's bot on the channel that TypeScript uses.
pub fn spin(name: &str) -> Result<(), Box<dyn Error>> {
    let config = json!({
        "depth": "hashmap",
        "instruments": [{
            "connector": name,
            "symbol": SYMBOL,
            "tickSize": TICK_SIZE,
            "lotSize": LOT_SIZE,
        }],
    });
    let mut bot = bot::build(&BotConfig::parse(&config.to_string())?)?;
    read(move |timeout| {
        let result = bot.wait_next_feed(false, timeout)?;
        let latency = bot.core().borrow().feed_latency(0);
        Ok((result, latency))
    })
}

type Fed = Result<(ElapseResult, Option<(i64, i64)>), Box<dyn Error>>;

/// Reads event by event; `next` waits for one, ns at most, and tells its exchange and local time.
fn read(mut next: impl FnMut(i64) -> Fed) -> Result<(), Box<dyn Error>> {
    let mut report = Report::new();
    loop {
        match next(PATIENCE.as_nanos() as i64)? {
            (ElapseResult::MarketFeed, Some((exch_ts, local_ts))) => {
                if report.event(exch_ts, local_ts) {
                    break;
                }
            }
            _ => return Err("the publisher went silent".into()),
        }
    }
    println!("{}", report.json());
    Ok(())
}
