//! The receiving side of a bot: turns messages into records, keeps each connector's state, and
//! hands upstream's bot the events that it is to apply.

mod answers;
mod events;
mod receive;
mod reconcile;
mod upkeep;

use std::rc::Rc;
use std::sync::Arc;
use std::time::Instant;

use hftbacktest::types::LiveEvent;
use iceoryx2::port::port_identifiers::UniqueSubscriberId;
use iceoryx2::prelude::{Node, ipc};

use crate::clock::Clock;
use crate::config::BotConfig;
use crate::depth::Book;
use crate::error::{Code, Failure};
use crate::journal::Journal;
use crate::known_orders::KnownOrders;
use crate::link::Link;
use crate::ports::{Ports, ToBotSample, create_node};
use crate::sink::Sink;
use crate::sizes::ChannelSizes;
use crate::watch::{Loan, Readers, Watch};

use reconcile::Settling;

/// One instrument, as the channel needs it.
pub struct Asset {
    /// Its connector, an index of `links`.
    link: usize,
    symbol: String,
    tick_size: f64,
    lot_size: f64,
    book: Rc<dyn Book>,
    orders: KnownOrders<UniqueSubscriberId>,
    trades_capacity: usize,
    trades_held: usize,
    registered: bool,
    received: u64,
    last_feed: i64,
    feed_latency: Option<(i64, i64)>,
    order_latency: Option<(i64, i64, i64)>,
}

/// What is proven about an instrument's connection; docs/abi.md has the layout.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C)]
pub struct ConnectionStatus {
    /// 1 if a living process publishes.
    pub attached: u32,
    /// 1 if it answered the registration.
    pub registered: u32,
    /// When the last market event came, ns since the Unix epoch; 0 before the first.
    pub last_feed_timestamp: i64,
    /// How often the connector's queue may have overflowed.
    pub overflows: u64,
    /// Market records of this instrument that the journal dropped.
    pub dropped: u64,
    /// Messages of the connector that were refused.
    pub malformed: u64,
    /// Events of this instrument that were received.
    pub received: u64,
}

const _: () = assert!(size_of::<ConnectionStatus>() == 48);

/// What one receive came to.
enum Step {
    /// Nothing waits.
    Empty,
    /// A message that upstream's bot need not see.
    Consumed,
    /// An event for upstream's bot.
    Event(usize, LiveEvent),
}

/// The receiving side of one bot.
pub struct Core {
    /// The sample read last, released when there is time.
    held: Option<ToBotSample>,
    bot_id: u64,
    links: Vec<Link>,
    /// What reads each connector's queue, in the order of `links`.
    readers: Readers,
    assets: Vec<Asset>,
    /// Where records go.
    pub sink: Sink,
    clock: Clock,
    next_upkeep: Option<Instant>,
    steps: u32,
    cursor: usize,
    /// Requests sent so far.
    requests: u64,
    /// The end of an answer that lacks orders.
    settling: Option<Settling>,
    /// Messages that the running poll may still read; none runs without.
    poll_budget: Option<u64>,
    node: Node<ipc::Service>,
}

impl Core {
    /// Opens the channels of every connector that the configuration names.
    pub fn new(config: &BotConfig, books: &[Rc<dyn Book>]) -> Result<Self, Failure> {
        let sizes = config.channel.or_else(ChannelSizes::of_environment);
        let node = create_node()?;
        let mut links: Vec<Link> = Vec::new();
        let mut readers = Vec::new();
        let mut assets = Vec::new();
        for (number, (instrument, book)) in config.instruments.iter().zip(books).enumerate() {
            let known = links.iter().position(|l| l.name == instrument.connector);
            let link = match known {
                Some(link) => link,
                None => {
                    let (ports, reader) = Ports::open(&node, &instrument.connector, sizes)?;
                    let capacity = reader.buffer_size();
                    readers.push((reader, ports.to_bot.clone()));
                    links.push(Link::new(&instrument.connector, ports, capacity));
                    links.len() - 1
                }
            };
            links[link].add(&instrument.symbol, number);
            assets.push(Asset {
                link,
                symbol: instrument.symbol.clone(),
                tick_size: instrument.tick_size,
                lot_size: instrument.lot_size,
                book: book.clone(),
                orders: KnownOrders::default(),
                trades_capacity: instrument.last_trades_capacity,
                trades_held: 0,
                registered: false,
                received: 0,
                last_feed: 0,
                feed_latency: None,
                order_latency: None,
            });
        }
        let journal = Journal::new(config.journal_capacity, assets.len());
        let mut core = Self {
            held: None,
            bot_id: config.bot_id,
            links,
            readers: Readers::new(readers),
            assets,
            sink: Sink::new(journal),
            clock: Clock::now(),
            next_upkeep: None,
            steps: 0,
            cursor: 0,
            requests: 0,
            settling: None,
            poll_budget: None,
            node,
        };
        // Upstream's builder sends the first registrations; here only see who is there.
        for link in 0..core.links.len() {
            core.look(link);
        }
        Ok(core)
    }

    /// Lets another thread look whether anything waits; see [`Readers::lend`].
    pub fn lend_readers(&mut self) -> Loan {
        // A sample is released through the connection that it came by.
        self.held = None;
        let listed = self.links.iter().map(|link| link.presence.listed());
        let loan = self.readers.lend(listed);
        // Who watches is told at once that publishers came or went, and the next poll has to see it.
        for link in &mut self.links {
            if link.ports.publishers() != link.presence.listed() {
                link.presence.hurry();
                self.next_upkeep = None;
            }
        }
        loan
    }

    /// Ends that; the next receive does it too.
    pub fn take_readers_back(&mut self) {
        self.readers.take_back();
    }

    /// What another thread needs for it.
    pub fn watch(&self) -> Arc<Watch> {
        self.readers.watch()
    }

    /// How many instruments there are.
    pub fn num_assets(&self) -> usize {
        self.assets.len()
    }

    /// Tick size and lot size of an instrument.
    pub fn grid(&self, asset: usize) -> (f64, f64) {
        (self.assets[asset].tick_size, self.assets[asset].lot_size)
    }

    /// Exchange and local time of an instrument's last market event. Upstream's own figure also
    /// takes the snapshot in an answer to a registration, which has no local time.
    pub fn feed_latency(&self, asset: usize) -> Option<(i64, i64)> {
        self.assets[asset].feed_latency
    }

    /// Request, exchange and local time of an instrument's last order response. Upstream's own
    /// figure would also take the orders that are given up, to which nobody responded.
    pub fn order_latency(&self, asset: usize) -> Option<(i64, i64, i64)> {
        self.assets[asset].order_latency
    }

    /// Upstream's bot forgot the orders that cannot trade, of an instrument or of all.
    pub fn inactive_orders_cleared(&mut self, asset: Option<usize>) {
        for (number, state) in self.assets.iter_mut().enumerate() {
            if asset.is_none_or(|asset| asset == number) {
                state.orders.clear_inactive();
            }
        }
    }

    /// What is proven about an instrument's connection.
    pub fn connection(&mut self, asset: usize) -> ConnectionStatus {
        self.tick();
        let state = &self.assets[asset];
        let link = &self.links[state.link];
        ConnectionStatus {
            attached: u32::from(link.presence.is_attached()),
            registered: u32::from(state.registered),
            last_feed_timestamp: state.last_feed,
            overflows: link.overflows,
            dropped: self.sink.dropped(asset),
            malformed: link.malformed,
            received: state.received,
        }
    }

    /// Upstream's bot forgot the trades of an instrument, or of all.
    pub fn trades_cleared(&mut self, asset: Option<usize>) {
        for (number, state) in self.assets.iter_mut().enumerate() {
            if asset.is_none_or(|asset| asset == number) {
                state.trades_held = 0;
            }
        }
    }

    /// Refuses an order request that no process would receive. A cancel is let through while
    /// there is any doubt.
    pub fn check_reachable(&mut self, asset: usize, is_cancel: bool) -> Result<(), Failure> {
        self.tick();
        let link = &self.links[self.assets[asset].link];
        if link.is_listening() && (is_cancel || link.presence.is_attached()) {
            return Ok(());
        }
        Err(Failure::new(
            Code::Custom,
            format!(
                "Cannot send the request: no connector is attached to {}",
                link.name
            ),
        ))
    }

    /// Starts a poll.
    ///
    /// # Safety
    /// As for [`Sink::begin`].
    pub unsafe fn begin_poll(&mut self, at: *mut u8, capacity: u32) {
        self.held = None;
        self.tick();
        // SAFETY: promised by the caller.
        unsafe { self.sink.begin(at, capacity, self.clock.wall) };
        // Messages for other bots and other symbols fill no buffer, so count them all.
        self.poll_budget = Some(4 * u64::from(capacity) + 1_024);
    }

    /// Ends a poll; returns the number of records.
    pub fn end_poll(&mut self) -> u32 {
        // What a process left in its queue before it went does not show as waiting, so a poll
        // that stopped early says that more may be.
        let stopped_early = !self.sink.has_room() || self.poll_budget == Some(0);
        self.poll_budget = None;
        self.sink.finish(self.clock.wall, stopped_early)
    }

    /// Ends a poll that failed.
    pub fn abandon_poll(&mut self) {
        self.poll_budget = None;
        self.sink.abandon();
    }
}
