//! The main loop, on one thread: iceoryx2's ports must not leave it.

mod events;
mod requests;

use std::{
    hint, io, thread,
    time::{Duration, Instant},
};

use hftbacktest::{
    live::ipc::{
        TO_ALL,
        iceoryx::{ChannelError, IceoryxBuilder, IceoryxReceiver},
    },
    types::{LiveEvent, LiveRequest},
};
use thiserror::Error;
use tracing::info;

use crate::{
    args::{Args, ConnectorType},
    config::{AtEnd, Config, Idle, SourceConfig, Start},
    feed::Feed,
    gateway::{Gateway, Markets},
    pace::Pacer,
    publisher::Publisher,
    signals::Signals,
    source::{Recording, SourceError, Synthetic},
};

/// Longest sleep between two looks at the requests.
const IDLE_SLEEP: Duration = Duration::from_micros(100);

/// Requests handled, and events published, before the other gets its turn.
const TURN: u64 = 256;

/// Why the connector could not start or go on.
#[derive(Debug, Error)]
pub enum ConnectorError {
    #[error("the channel failed: {0}")]
    Channel(#[from] ChannelError),
    #[error("{0}")]
    Source(#[from] SourceError),
    #[error("couldn't take over SIGTERM and SIGINT: {0}")]
    Signals(#[from] io::Error),
}

/// The running connector.
pub struct Connector {
    connector_type: ConnectorType,
    config: Config,
    signals: Signals,
    requests: IceoryxReceiver<LiveRequest>,
    publisher: Publisher,
    gateway: Gateway,
    markets: Markets,
    feeds: Vec<Feed>,
    pacer: Pacer,
}

impl Connector {
    /// Opens the sources and the channel.
    pub fn new(
        args: &Args,
        connector_type: ConnectorType,
        config: Config,
    ) -> Result<Self, ConnectorError> {
        let signals = Signals::install()?;
        let feeds = feeds(&config.source)?;
        let publisher = Publisher::new(
            &args.name,
            config.source.timestamps(),
            config.fault.clone(),
            signals.clone(),
        )?;
        Ok(Self {
            connector_type,
            requests: IceoryxBuilder::new(&args.name).bot(false).receiver()?,
            publisher,
            gateway: Gateway::new(config.orders.clone()),
            markets: Markets::new(),
            feeds,
            pacer: Pacer::new(config.publish.pace),
            signals,
            config,
        })
    }

    /// Runs until a signal or the end of the source asks it to end. Returns the exit code.
    pub fn run(mut self) -> Result<i32, ConnectorError> {
        info!("The connector is ready.");
        if self.config.source.start() == Start::Now {
            self.feeds.iter_mut().for_each(Feed::start);
        }
        while !self.should_stop() {
            let requests = self.receive()?;
            let orders = self.process_orders()?;
            let events = self.publish()?;
            if !requests && !orders && !events {
                self.idle();
            }
        }
        let mut stats = self.publisher.stats;
        stats.fills = self
            .markets
            .values()
            .map(|market| market.engine.fills())
            .sum();
        info!("The connector ends. {stats}");
        Ok(0)
    }

    fn should_stop(&mut self) -> bool {
        if self.signals.terminated() {
            if self.config.fault.hang_on_sigterm {
                self.publisher.silence();
            } else if !self.config.fault.ignore_sigterm {
                return true;
            }
        }
        let ended =
            self.config.source.at_end() == AtEnd::Exit && self.feeds.iter().all(Feed::ended);
        self.signals.interrupted() || ended
    }

    fn send_all(&self, events: &mut Vec<LiveEvent>) -> Result<(), ConnectorError> {
        for event in events.drain(..) {
            self.publisher.send(TO_ALL, event)?;
        }
        Ok(())
    }

    fn idle(&self) {
        if self.config.publish.idle == Idle::Busy {
            hint::spin_loop();
            return;
        }
        let feed = self
            .next_feed()
            .map(|(due, _)| match self.pacer.ready_at() {
                Some(ready) => due.max(ready),
                None => due,
            });
        let next = [feed, self.gateway.next_due()].into_iter().flatten().min();
        let wait = next.map_or(IDLE_SLEEP, |next| {
            next.saturating_duration_since(Instant::now())
        });
        thread::sleep(wait.min(IDLE_SLEEP));
    }
}

fn feeds(config: &SourceConfig) -> Result<Vec<Feed>, SourceError> {
    Ok(match config {
        SourceConfig::Synthetic(config) => (0..config.symbols.len())
            .map(|at| {
                let source = Box::new(Synthetic::new(config, at));
                Feed::new(&config.symbols[at].name, source)
            })
            .collect(),
        SourceConfig::Recording(config) => {
            let source = Box::new(Recording::open(config)?);
            vec![Feed::new(&config.symbol, source)]
        }
    })
}
