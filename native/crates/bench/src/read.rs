//! Readers in Rust: the bare subscriber, and upstream's bot on its own channel and on ours.

use std::{error::Error, time::Instant};

use hftbacktest::{
    depth::HashMapMarketDepth,
    live::{
        Instrument, LiveBot, LiveBotBuilder,
        ipc::iceoryx::{IceoryxBuilder, IceoryxReceiver, IceoryxSender, IceoryxUnifiedChannel},
    },
    types::{Bot, ElapseResult, LiveEvent, LiveRequest},
};
use hftlive::{
    bot::{self, Engine},
    config::BotConfig,
};
use serde_json::json;

use crate::{
    report::Report,
    wire::{LOT_SIZE, PATIENCE, TICK_SIZE, symbol},
};

/// Any but 0, which means all bots; several bots on one channel need several.
fn bot_id() -> u64 {
    u64::from(std::process::id())
}

/// An instrument of upstream's bot.
pub fn instrument(name: &str, number: usize) -> Instrument<HashMapMarketDepth> {
    let depth = HashMapMarketDepth::new(TICK_SIZE, LOT_SIZE);
    Instrument::new(name, &symbol(number), TICK_SIZE, LOT_SIZE, depth, 0)
}

/// The configuration of a bot on our channel.
pub fn spin_config(name: &str, instruments: usize) -> Result<BotConfig, Box<dyn Error>> {
    let instruments: Vec<_> = (0..instruments)
        .map(|number| {
            json!({
                "connector": name,
                "symbol": symbol(number),
                "tickSize": TICK_SIZE,
                "lotSize": LOT_SIZE,
            })
        })
        .collect();
    let config = json!({ "depth": "hashmap", "instruments": instruments });
    Ok(BotConfig::parse(&config.to_string())?)
}

/// Reads the subscriber and decodes, without a bot: the limit of what any bot can reach.
pub fn raw(name: &str, instruments: usize) -> Result<(), Box<dyn Error>> {
    let sender: IceoryxSender<LiveRequest> = IceoryxBuilder::new(name).sender()?;
    let receiver: IceoryxReceiver<LiveEvent> = IceoryxBuilder::new(name).receiver()?;
    for number in 0..instruments {
        let (symbol, tick_size, lot_size) = (symbol(number), TICK_SIZE, LOT_SIZE);
        let request = LiveRequest::RegisterInstrument {
            symbol,
            tick_size,
            lot_size,
        };
        sender.send(bot_id(), &request)?;
    }
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

/// A bot as a strategy's loop sees it.
trait Reader {
    fn wait_next_feed(&mut self, timeout: i64) -> Result<ElapseResult, Box<dyn Error>>;
    /// Exchange and local time of an instrument's last event.
    fn feed_latency(&self, asset: usize) -> Option<(i64, i64)>;
}

struct Upstream(LiveBot<IceoryxUnifiedChannel, HashMapMarketDepth>);

impl Reader for Upstream {
    fn wait_next_feed(&mut self, timeout: i64) -> Result<ElapseResult, Box<dyn Error>> {
        Ok(self.0.wait_next_feed(false, timeout)?)
    }

    fn feed_latency(&self, asset: usize) -> Option<(i64, i64)> {
        self.0.feed_latency(asset)
    }
}

struct Spin(Box<dyn Engine>);

impl Reader for Spin {
    fn wait_next_feed(&mut self, timeout: i64) -> Result<ElapseResult, Box<dyn Error>> {
        Ok(self.0.wait_next_feed(false, timeout)?)
    }

    fn feed_latency(&self, asset: usize) -> Option<(i64, i64)> {
        self.0.core().borrow().feed_latency(asset)
    }
}

/// Upstream's bot on upstream's channel.
pub fn upstream(name: &str, instruments: usize) -> Result<(), Box<dyn Error>> {
    let mut builder = LiveBotBuilder::new().id(bot_id());
    for number in 0..instruments {
        builder = builder.register(instrument(name, number));
    }
    read(Upstream(builder.build()?), instruments)
}

/// Upstream's bot on the channel that TypeScript uses.
pub fn spin(name: &str, instruments: usize) -> Result<(), Box<dyn Error>> {
    read(
        Spin(bot::build(&spin_config(name, instruments)?)?),
        instruments,
    )
}

/// Reads event by event.
fn read(mut bot: impl Reader, instruments: usize) -> Result<(), Box<dyn Error>> {
    let mut report = Report::new();
    let mut seen = vec![0; instruments];
    'run: loop {
        if bot.wait_next_feed(PATIENCE.as_nanos() as i64)? != ElapseResult::MarketFeed {
            return Err("the publisher went silent".into());
        }
        // The bot does not say whose event it was.
        for (asset, seen) in seen.iter_mut().enumerate() {
            match bot.feed_latency(asset) {
                Some((exch_ts, local_ts)) if exch_ts != *seen => {
                    *seen = exch_ts;
                    if report.event(exch_ts, local_ts) {
                        break 'run;
                    }
                }
                _ => {}
            }
        }
    }
    println!("{}", report.json());
    Ok(())
}
