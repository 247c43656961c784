//! The sending end: upstream's sender, counters, and the faults that happen on the way out.

use std::{process, thread, time::Duration};

use hftbacktest::{
    live::ipc::{
        TO_ALL,
        iceoryx::{ChannelError, IceoryxBuilder, IceoryxSender},
    },
    types::{Event, LiveEvent, TRADE_EVENT},
};
use tracing::warn;

use crate::{
    clock::now_ns,
    config::{FaultConfig, Timestamps},
    faults::{self, Fault},
    signals::Signals,
    stats::Stats,
    wire::Payload,
};

/// Sends events to the bots.
pub struct Publisher {
    sender: IceoryxSender<Payload>,
    timestamps: Timestamps,
    faults: FaultConfig,
    delay: Duration,
    signals: Signals,
    silent: bool,
    pub stats: Stats,
}

impl Publisher {
    /// Opens the channel of a connector's name.
    pub fn new(
        name: &str,
        timestamps: Timestamps,
        faults: FaultConfig,
        signals: Signals,
    ) -> Result<Self, ChannelError> {
        Ok(Self {
            sender: IceoryxBuilder::new(name).bot(false).sender()?,
            timestamps,
            delay: Duration::from_micros(faults.delay_us),
            faults,
            signals,
            silent: false,
            stats: Stats::default(),
        })
    }

    /// Sends nothing any more.
    pub fn silence(&mut self) {
        self.silent = true;
    }

    /// Sends an event to one bot, or to all (`TO_ALL`).
    pub fn send(&self, id: u64, event: LiveEvent) -> Result<(), ChannelError> {
        self.send_payload(id, &Payload::Event(event))
    }

    /// Publishes a market event to all bots.
    pub fn feed(&mut self, symbol: &str, event: Event) -> Result<(), ChannelError> {
        if self.silent {
            return Ok(());
        }
        // A signal must not wait for a long message.
        if !self.delay.is_zero() && !self.signals.terminated() && !self.signals.interrupted() {
            thread::sleep(self.delay);
        }
        if self.stats.events == 0 {
            // After zero events means before the first.
            self.misbehave()?;
        }
        let trade = event.is(TRADE_EVENT);
        self.send_feed(TO_ALL, symbol, event)?;
        self.stats.events += 1;
        self.stats.trades += u64::from(trade);
        self.misbehave()
    }

    /// Sends a market event to one bot, or to all, with the exchange time that the configuration asks for.
    pub fn send_feed(&self, id: u64, symbol: &str, mut event: Event) -> Result<(), ChannelError> {
        if self.timestamps == Timestamps::Now {
            event.exch_ts = now_ns();
        }
        event.local_ts = now_ns();
        let symbol = symbol.to_owned();
        self.send(id, LiveEvent::Feed { symbol, event })
    }

    fn send_payload(&self, id: u64, payload: &Payload) -> Result<(), ChannelError> {
        if self.silent {
            return Ok(());
        }
        self.sender.send(id, payload)
    }

    fn misbehave(&mut self) -> Result<(), ChannelError> {
        for fault in faults::due(&self.faults, self.stats.events) {
            warn!(events = self.stats.events, ?fault, "Fault.");
            match fault {
                Fault::Send(payload) => self.send_payload(TO_ALL, &payload)?,
                Fault::Silence => self.silent = true,
                Fault::Exit(code) => process::exit(code),
                Fault::Panic => panic!("panic_after_events = {}", self.stats.events),
            }
        }
        Ok(())
    }
}
