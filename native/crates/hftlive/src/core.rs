//! The receiving side of a bot: turns messages into records, keeps each connector's state, and
//! hands upstream's bot the events that it is to apply.

use std::rc::Rc;
use std::time::{Duration, Instant};

use hftbacktest::live::BotError;
use hftbacktest::live::ipc::TO_ALL;
use hftbacktest::types::{
    BUY_EVENT, ErrorKind, Event, LiveError, LiveEvent, LiveRequest, Order, SELL_EVENT, Side,
};
use iceoryx2::prelude::{Node, PortFactory, ipc};

use crate::clock::{Clock, wall_ns};
use crate::config::BotConfig;
use crate::depth::Book;
use crate::error::{Code, Failure};
use crate::journal::Journal;
use crate::link::{Answer, Link};
use crate::normalise;
use crate::ports::{ChannelSizes, Ports, create_node};
use crate::presence::Change;
use crate::record::{ConnectionDetail, ErrorDetail, NO_ASSET, OverflowDetail, Record, kind};
use crate::sink::Sink;
use crate::wire::{self, WireError, WireEvent};

/// Receives between two looks at the clock.
const STEPS_PER_TICK: u32 = 64;
/// Least time between two rounds of looking after the connectors.
const UPKEEP_EVERY: Duration = Duration::from_millis(1);

/// One instrument, as the channel needs it.
pub struct Asset {
    /// Its connector, an index of `links`.
    link: usize,
    symbol: String,
    tick_size: f64,
    lot_size: f64,
    book: Rc<dyn Book>,
    trades_capacity: usize,
    trades_held: usize,
    registered: bool,
    received: u64,
    last_feed: i64,
    feed_latency: Option<(i64, i64)>,
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
    bot_id: u64,
    links: Vec<Link>,
    assets: Vec<Asset>,
    /// Where records go.
    pub sink: Sink,
    clock: Clock,
    next_upkeep: Option<Instant>,
    steps: u32,
    cursor: usize,
    /// Messages that the running poll may still read; none runs without.
    poll_budget: Option<u64>,
    node: Node<ipc::Service>,
}

impl Core {
    /// Opens the channels of every connector that the configuration names.
    pub fn new(config: &BotConfig, books: &[Rc<dyn Book>]) -> Result<Self, Failure> {
        let sizes = ChannelSizes::load();
        let node = create_node()?;
        let mut links: Vec<Link> = Vec::new();
        let mut assets = Vec::new();
        for (number, (instrument, book)) in config.instruments.iter().zip(books).enumerate() {
            let known = links.iter().position(|l| l.name == instrument.connector);
            let link = match known {
                Some(link) => link,
                None => {
                    let ports = Ports::open(&node, &instrument.connector, &sizes)?;
                    links.push(Link::new(&instrument.connector, ports));
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
                trades_capacity: instrument.last_trades_capacity,
                trades_held: 0,
                registered: false,
                received: 0,
                last_feed: 0,
                feed_latency: None,
            });
        }
        let journal = Journal::new(config.journal_capacity, assets.len());
        let mut core = Self {
            bot_id: config.bot_id,
            links,
            assets,
            sink: Sink::new(journal),
            clock: Clock::new(),
            next_upkeep: None,
            steps: 0,
            cursor: 0,
            poll_budget: None,
            node,
        };
        // Upstream's builder sends the first registrations; here only see who is there.
        for link in 0..core.links.len() {
            core.look(link);
        }
        Ok(core)
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

    /// What is proven about an instrument's connection.
    pub fn connection(&mut self, asset: usize) -> ConnectionStatus {
        self.tick();
        let Asset { link, .. } = self.assets[asset];
        let (asset_state, link) = (&self.assets[asset], &self.links[link]);
        ConnectionStatus {
            attached: u32::from(link.presence.is_attached()),
            registered: u32::from(asset_state.registered),
            last_feed_timestamp: asset_state.last_feed,
            overflows: link.overflows,
            dropped: self.sink.dropped(asset),
            malformed: link.malformed,
            received: asset_state.received,
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

    /// Asks the connectors for the state of one instrument, or of all.
    pub fn register(&mut self, asset: Option<usize>) -> Result<(), Failure> {
        self.tick();
        for number in 0..self.assets.len() {
            if asset.is_none_or(|asset| asset == number) {
                self.send_registration(number).map_err(|text| {
                    Failure::new(Code::Custom, format!("Cannot register: {text}"))
                })?;
            }
        }
        Ok(())
    }

    /// Refuses an order request that no process would receive. A cancel is let through while
    /// there is any doubt.
    pub fn check_reachable(&mut self, asset: usize, is_cancel: bool) -> Result<(), Failure> {
        self.tick();
        let link = &self.links[self.assets[asset].link];
        let listening = link.ports.from_bot.dynamic_config().number_of_subscribers() > 0;
        if listening && (is_cancel || link.presence.is_attached()) {
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
        self.tick();
        // SAFETY: promised by the caller.
        unsafe { self.sink.begin(at, capacity, self.clock.wall) };
        // Messages for other bots and other symbols fill no buffer, so count them all.
        self.poll_budget = Some(4 * u64::from(capacity) + 1_024);
    }

    /// Ends a poll; returns the number of records.
    pub fn end_poll(&mut self) -> u32 {
        let stopped_early = !self.sink.has_room() || self.poll_budget == Some(0);
        self.poll_budget = None;
        let more = stopped_early
            && self
                .links
                .iter()
                .any(|link| link.ports.subscriber.has_samples().unwrap_or(false));
        self.sink.finish(self.clock.wall, more)
    }

    /// Ends a poll that failed.
    pub fn abandon_poll(&mut self) {
        self.poll_budget = None;
        self.sink.abandon();
    }

    /// The next event for upstream's bot: in a poll whatever waits, else within a time.
    pub fn recv(&mut self, timeout: Duration) -> Result<(usize, LiveEvent), BotError> {
        if self.poll_budget.is_some() {
            self.recv_waiting()
        } else {
            self.recv_within(timeout)
        }
    }

    fn recv_waiting(&mut self) -> Result<(usize, LiveEvent), BotError> {
        let mut empty = 0;
        while empty < self.links.len() {
            let Some(budget @ 1..) = self.poll_budget else {
                break;
            };
            // No event may be handled without a place for its record.
            if !self.sink.has_room() {
                break;
            }
            match self.step() {
                Step::Empty => empty += 1,
                Step::Consumed => {
                    eprintln!("consumed");
                    empty = 0;
                    self.poll_budget = Some(budget - 1);
                }
                Step::Event(asset, event) => {
                    self.poll_budget = Some(budget - 1);
                    return Ok((asset, event));
                }
            }
            self.count_step();
        }
        Err(BotError::Timeout)
    }

    fn recv_within(&mut self, timeout: Duration) -> Result<(usize, LiveEvent), BotError> {
        // The clock is first read after some receives, so that a busy channel does not pay for it.
        let mut deadline: Option<Option<Instant>> = None;
        loop {
            match self.step() {
                Step::Event(asset, event) => {
                    self.count_step();
                    return Ok((asset, event));
                }
                Step::Consumed => {}
                Step::Empty => std::hint::spin_loop(),
            }
            if self.count_step() {
                let now = self.clock.mono;
                let deadline = *deadline.get_or_insert_with(|| now.checked_add(timeout));
                if deadline.is_some_and(|at| now >= at) {
                    return Err(BotError::Timeout);
                }
            }
        }
    }

    /// Looks at the clock every so often; tells whether it did.
    fn count_step(&mut self) -> bool {
        self.steps += 1;
        if self.steps < STEPS_PER_TICK {
            return false;
        }
        self.tick();
        true
    }

    /// Reads the clock, and looks after the connectors when it is time to.
    fn tick(&mut self) {
        self.steps = 0;
        self.clock.tick();
        let now = self.clock.mono;
        if self.next_upkeep.is_some_and(|at| now < at) {
            return;
        }
        self.next_upkeep = Some(now + UPKEEP_EVERY);
        for link in 0..self.links.len() {
            self.look(link);
            self.send_due(link);
        }
    }

    /// Looks who publishes, and records what changed.
    fn look(&mut self, at: usize) {
        let link = &mut self.links[at];
        let now = self.clock.mono;
        let Some(change) = link
            .presence
            .check(&link.ports.to_bot, self.node.config(), now)
        else {
            return;
        };
        let state = match change {
            Change::Attached => ConnectionDetail::Attached,
            Change::Replaced => ConnectionDetail::Replaced,
            Change::Detached => ConnectionDetail::Detached,
        };
        link.answer = Answer::None;
        match change {
            // A process that attached knows nothing of what was asked before.
            Change::Attached | Change::Replaced => link.registrations.restart(),
            Change::Detached => link.registrations.stop(),
        }
        eprintln!("change {change:?}");
        for &asset in &link.assets {
            self.assets[asset].registered = false;
            self.sink
                .push(Record::connection(asset as u16, state, self.clock.wall));
        }
    }

    fn send_due(&mut self, at: usize) {
        while self.links[at].presence.is_attached()
            && let Some(place) = self.links[at].registrations.next_due(self.clock.mono)
        {
            let asset = self.links[at].assets[place];
            let unanswered = self.links[at].registrations.unanswered(place);
            if is_worth_telling(unanswered) {
                let symbol = &self.assets[asset].symbol;
                let text = format!(
                    "Cannot register {symbol}: connector {} left {unanswered} requests unanswered",
                    self.links[at].name
                );
                self.tell(at, ErrorDetail::Custom, text);
            }
            if let Err(text) = self.send_registration(asset) {
                self.tell(at, ErrorDetail::Custom, format!("Cannot register: {text}"));
            }
        }
        if let Some(text) = self.links[at].untold_refusals(self.clock.mono) {
            self.tell(at, ErrorDetail::Malformed, text);
        }
    }

    fn send_registration(&mut self, asset: usize) -> Result<(), String> {
        let state = &self.assets[asset];
        let request = LiveRequest::RegisterInstrument {
            symbol: state.symbol.clone(),
            tick_size: state.tick_size,
            lot_size: state.lot_size,
        };
        self.send(asset, &request).map(|_| ())
    }

    /// Sends a request to an instrument's connector; tells how many processes it was queued for.
    pub fn send(&mut self, asset: usize, request: &LiveRequest) -> Result<usize, String> {
        let link = &mut self.links[self.assets[asset].link];
        if let (LiveRequest::RegisterInstrument { .. }, Some(place)) =
            (request, link.place_of(asset))
        {
            link.registrations.sent(place, self.clock.mono);
        }
        link.ports.send(self.bot_id, request)
    }

    /// Receives one message of the connector whose turn it is.
    fn step(&mut self) -> Step {
        let at = self.cursor;
        self.cursor = if at + 1 == self.links.len() {
            0
        } else {
            at + 1
        };
        let link = &mut self.links[at];
        let sample = match link.ports.subscriber.receive() {
            Ok(Some(sample)) => sample,
            Ok(None) => {
                link.overflow.seen_empty();
                return Step::Empty;
            }
            Err(error) => {
                if let Some(text) = link.receive_failed(&error, self.clock.mono) {
                    self.tell(at, ErrorDetail::Custom, text);
                }
                return Step::Empty;
            }
        };
        let origin = sample.header().publisher_id();
        if link.origin != Some(origin) {
            eprintln!("origin {:?} -> {origin:?}", link.origin);
            link.origin = Some(origin);
            link.overflow.seen_empty();
            if !link.presence.is_current(origin) {
                link.presence.hurry();
                self.clock.tick();
                self.look(at);
                self.send_due(at);
            }
        }
        let link = &mut self.links[at];
        link.overflow.sample_read(wall_ns);
        let header = sample.user_header();
        let is_own = header.id == self.bot_id;
        if !is_own && header.id != TO_ALL {
            self.check_overflow(at);
            return Step::Consumed;
        }
        match wire::decode(sample.payload(), header.len) {
            Ok(event) => {
                if let WireEvent::Feed { event, .. } = &event
                    && !is_own
                {
                    self.links[at].overflow.stamped(event.local_ts);
                }
                self.check_overflow(at);
                self.handle(at, is_own, event)
            }
            Err(fault) => {
                self.check_overflow(at);
                self.refuse(at, &fault);
                Step::Consumed
            }
        }
    }

    fn handle(&mut self, at: usize, is_own: bool, event: WireEvent<'_>) -> Step {
        let symbol = match &event {
            WireEvent::BatchStart => return self.batch_start(at, is_own),
            WireEvent::BatchEnd => return self.batch_end(at, is_own),
            WireEvent::Error(error) => return self.error(at, error),
            WireEvent::Feed { symbol, .. }
            | WireEvent::Order { symbol, .. }
            | WireEvent::Position { symbol, .. } => symbol,
        };
        // A symbol that another bot trades.
        let Some(asset) = self.links[at].asset_of(symbol) else {
            return Step::Consumed;
        };
        let checked = match &event {
            WireEvent::Feed { event, .. } => {
                normalise::check_feed(event, self.assets[asset].tick_size)
            }
            WireEvent::Order { order, .. } => normalise::check_order(order),
            WireEvent::Position { qty, .. } => normalise::check_position(*qty),
            _ => Ok(()),
        };
        if let Err(fault) = checked {
            self.refuse(at, &fault);
            return Step::Consumed;
        }
        if is_own {
            self.answer_content(at, asset);
        }
        self.assets[asset].received += 1;
        match event {
            WireEvent::Feed { event, .. } => self.feed(asset, is_own, event),
            WireEvent::Order { order, .. } => self.order(asset, order),
            WireEvent::Position { qty, exch_ts, .. } => self.position(asset, qty, exch_ts),
            _ => Step::Consumed,
        }
    }

    fn feed(&mut self, asset: usize, is_own: bool, mut event: Event) -> Step {
        self.sink.push(Record::market(asset as u16, &event));
        let state = &mut self.assets[asset];
        if !is_own {
            state.last_feed = self.clock.wall;
            state.feed_latency = Some((event.exch_ts, event.local_ts));
        }
        let sides = event.ev & (BUY_EVENT | SELL_EVENT);
        match event.ev as u8 {
            kind::DEPTH | kind::SNAPSHOT => normalise::apply_to_book(&mut event),
            kind::TRADE => {
                // Upstream keeps any number of trades once it keeps one.
                let keep = sides != 0 && state.trades_held < state.trades_capacity;
                state.trades_held += usize::from(keep);
                normalise::keep_trade(&mut event, keep);
            }
            // Upstream's live bot ignores it.
            kind::DEPTH_CLEAR => {
                let side = match sides {
                    BUY_EVENT => Side::Buy,
                    SELL_EVENT => Side::Sell,
                    _ => Side::None,
                };
                state.book.clear_side(side, event.px);
            }
            _ => {}
        }
        // Upstream never reads the symbol of what its channel returns.
        let symbol = String::new();
        Step::Event(asset, LiveEvent::Feed { symbol, event })
    }

    fn order(&mut self, asset: usize, order: Order) -> Step {
        self.sink.push(Record::order(asset as u16, &order));
        let symbol = String::new();
        Step::Event(asset, LiveEvent::Order { symbol, order })
    }

    fn position(&mut self, asset: usize, qty: f64, exch_ts: i64) -> Step {
        let now = self.clock.wall;
        self.sink
            .push(Record::position(asset as u16, qty, exch_ts, now));
        let symbol = String::new();
        let event = LiveEvent::Position {
            symbol,
            qty,
            exch_ts,
        };
        Step::Event(asset, event)
    }

    fn error(&mut self, at: usize, error: &WireError) -> Step {
        let (detail, code) = match error.kind {
            ErrorKind::ConnectionInterrupted => (ErrorDetail::ConnectionInterrupted, 0),
            ErrorKind::CriticalConnectionError => (ErrorDetail::CriticalConnectionError, 0),
            ErrorKind::OrderError => (ErrorDetail::OrderError, 0),
            ErrorKind::Custom(code) => (ErrorDetail::Custom, code),
        };
        let record = self.error_record(at, detail, code);
        self.sink.push_error(record, error.value.0.clone());
        let first = self.links[at].assets[0];
        Step::Event(first, LiveEvent::Error(LiveError::new(error.kind)))
    }

    fn batch_start(&mut self, at: usize, is_own: bool) -> Step {
        if is_own {
            // Its record waits until the content tells whose answer it is.
            self.links[at].answer = Answer::Begun;
            self.links[at].registrations.progressed(self.clock.mono);
        } else {
            self.mark(kind::BATCH_START, NO_ASSET, false);
        }
        Step::Event(0, LiveEvent::BatchStart)
    }

    fn batch_end(&mut self, at: usize, is_own: bool) -> Step {
        if !is_own {
            self.mark(kind::BATCH_END, NO_ASSET, false);
            return Step::Event(0, LiveEvent::BatchEnd);
        }
        self.links[at].registrations.progressed(self.clock.mono);
        match std::mem::replace(&mut self.links[at].answer, Answer::None) {
            Answer::Of(asset) => self.end_answer(asset),
            Answer::Begun => match self.links[at].registrations.answered_empty() {
                Some(place) => {
                    let asset = self.links[at].assets[place];
                    self.begin_answer(asset);
                    self.end_answer(asset);
                }
                None => {
                    self.mark(kind::BATCH_START, NO_ASSET, true);
                    self.mark(kind::BATCH_END, NO_ASSET, true);
                }
            },
            Answer::None => {
                self.report_overflow(at);
                self.mark(kind::BATCH_END, NO_ASSET, false);
            }
            Answer::Broken => self.mark(kind::BATCH_END, NO_ASSET, false),
        }
        Step::Event(0, LiveEvent::BatchEnd)
    }

    /// Content addressed to this bot alone: part of an answer.
    fn answer_content(&mut self, at: usize, asset: usize) {
        self.links[at].registrations.progressed(self.clock.mono);
        match self.links[at].answer {
            Answer::Of(whose) if whose == asset => {}
            Answer::Begun => {
                if let Some(place) = self.links[at].place_of(asset) {
                    self.links[at].registrations.answered(place);
                }
                self.links[at].answer = Answer::Of(asset);
                self.begin_answer(asset);
            }
            Answer::Broken => {}
            // The start of this answer is lost.
            Answer::None | Answer::Of(_) => {
                self.report_overflow(at);
                self.links[at].answer = Answer::Broken;
            }
        }
    }

    fn begin_answer(&mut self, asset: usize) {
        self.mark(kind::BATCH_START, asset as u16, true);
        if self.assets[asset].book.empty() {
            self.sink
                .push(Record::depth_clear(asset as u16, self.clock.wall));
        }
    }

    fn end_answer(&mut self, asset: usize) {
        self.mark(kind::BATCH_END, asset as u16, true);
        self.assets[asset].registered = true;
        self.sink.push(Record::connection(
            asset as u16,
            ConnectionDetail::Registered,
            self.clock.wall,
        ));
    }

    fn mark(&mut self, mark: u8, asset: u16, registration: bool) {
        self.sink
            .push(Record::mark(mark, asset, registration, self.clock.wall));
    }

    fn check_overflow(&mut self, at: usize) {
        if self.links[at].overflow.overflowed(wall_ns) {
            self.report_overflow(at);
        }
    }

    fn report_overflow(&mut self, at: usize) {
        let link = &mut self.links[at];
        link.overflows += 1;
        link.overflow.reported();
        link.registrations.overflowed(self.clock.mono);
        // What arrives of this answer may lack a part.
        if link.answer != Answer::None {
            link.answer = Answer::Broken;
        }
        self.next_upkeep = None;
        for &asset in &link.assets {
            self.assets[asset].registered = false;
            self.sink.push(Record::overflow(
                asset as u16,
                OverflowDetail::Channel,
                f64::NAN,
                self.clock.wall,
            ));
        }
    }

    fn refuse(&mut self, at: usize, reason: &dyn std::fmt::Display) {
        if let Some(text) = self.links[at].refuse(reason, self.clock.mono) {
            self.tell(at, ErrorDetail::Malformed, text);
        }
    }

    /// Records trouble that was found here.
    fn tell(&mut self, at: usize, detail: ErrorDetail, text: String) {
        let record = self.error_record(at, detail, 0);
        self.sink.push_error(record, text);
    }

    fn error_record(&self, at: usize, detail: ErrorDetail, code: i64) -> Record {
        let first = self.links[at].assets[0];
        Record::error(first as u16, detail, code, self.clock.wall)
    }
}

/// 4, 16, 64 and so on: a connector that never answers is told of, but not every second.
fn is_worth_telling(unanswered: u64) -> bool {
    unanswered >= 4 && unanswered.is_power_of_two() && unanswered.trailing_zeros() % 2 == 0
}
