//! A bot: upstream's `LiveBot` over our channel, behind one trait for both kinds of book.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use hftbacktest::depth::{HashMapMarketDepth, ROIVectorMarketDepth};
use hftbacktest::live::{BotError, Instrument, LiveBot, LiveBotBuilder};
use hftbacktest::types::{
    Bot as _, ElapseResult, Event, OrdType, Order, OrderId, Side, StateValues, TimeInForce,
};

use crate::channel::SpinChannel;
use crate::config::{BotConfig, DepthKind, InstrumentConfig};
use crate::core::Core;
use crate::depth::{Book, SharedDepth, UpstreamBook};
use crate::error::{Code, Failure};

/// An order as it is asked for; fields checked.
#[derive(Clone, Copy, Debug)]
pub struct OrderRequest {
    /// Unique id.
    pub order_id: u64,
    /// Buy or sell.
    pub side: Side,
    /// Limit price.
    pub price: f64,
    /// Quantity.
    pub qty: f64,
    /// How long it stays.
    pub time_in_force: TimeInForce,
    /// Limit or market.
    pub order_type: OrdType,
}

/// Upstream's bot whatever its book. Asset numbers are checked by the caller.
pub trait Engine {
    /// Which book.
    fn depth_kind(&self) -> DepthKind;
    /// What receives.
    fn core(&self) -> &Rc<RefCell<Core>>;
    /// Wall time, ns.
    fn current_timestamp(&self) -> i64;
    /// How many instruments.
    fn num_assets(&self) -> usize;
    /// Position and other values.
    fn state_values(&self, asset: usize) -> &StateValues;
    /// The book.
    fn book(&self, asset: usize) -> &dyn Book;
    /// Trades since they were last cleared.
    fn last_trades(&self, asset: usize) -> &[Event];
    /// Forgets trades.
    fn clear_last_trades(&mut self, asset: Option<usize>);
    /// Orders that are remembered.
    fn orders(&self, asset: usize) -> &HashMap<OrderId, Order>;
    /// Forgets orders that cannot trade.
    fn clear_inactive_orders(&mut self, asset: Option<usize>);
    /// Sends an order.
    fn submit(&mut self, asset: usize, order: OrderRequest, wait: bool) -> EngineResult;
    /// Asks to cancel an order.
    fn cancel(&mut self, asset: usize, order_id: u64, wait: bool) -> EngineResult;
    /// Handles events until an order's response comes.
    fn wait_order_response(&mut self, asset: usize, order_id: u64, timeout: i64) -> EngineResult;
    /// Handles events until a market event comes.
    fn wait_next_feed(&mut self, include_order_resp: bool, timeout: i64) -> EngineResult;
    /// Handles events for a time.
    fn elapse(&mut self, duration: i64) -> EngineResult;
    /// Does nothing when live, as upstream.
    fn elapse_bt(&mut self, duration: i64) -> EngineResult;
    /// Handles what waits and fills a batch; returns the number of records.
    ///
    /// # Safety
    /// `batch` must be valid for writes of `(capacity + 1) * 64` bytes.
    unsafe fn poll(&mut self, batch: *mut u8, capacity: u32) -> Result<u32, BotError>;
}

/// What upstream's bot returns.
pub type EngineResult = Result<ElapseResult, BotError>;

struct LiveEngine<MD: UpstreamBook> {
    kind: DepthKind,
    live: LiveBot<SpinChannel, SharedDepth<MD>>,
    core: Rc<RefCell<Core>>,
}

/// Makes a bot.
pub fn build(config: &BotConfig) -> Result<Box<dyn Engine>, Failure> {
    match config.depth {
        DepthKind::HashMap => {
            build_with(config, |i| HashMapMarketDepth::new(i.tick_size, i.lot_size))
        }
        DepthKind::RoiVec => build_with(config, |i| {
            // The configuration was checked to have both.
            let lower = i.roi_lower_bound.unwrap_or_default();
            let upper = i.roi_upper_bound.unwrap_or_default();
            ROIVectorMarketDepth::new(i.tick_size, i.lot_size, lower, upper)
        }),
    }
}

fn build_with<MD: UpstreamBook>(
    config: &BotConfig,
    new_book: impl Fn(&InstrumentConfig) -> MD,
) -> Result<Box<dyn Engine>, Failure> {
    let books: Vec<_> = config
        .instruments
        .iter()
        .map(|instrument| SharedDepth::new(new_book(instrument)))
        .collect();
    let shared: Vec<Rc<dyn Book>> = books
        .iter()
        .map(|book| Rc::new(book.clone()) as Rc<dyn Book>)
        .collect();
    let core = Rc::new(RefCell::new(Core::new(config, &shared)?));
    let mut builder = LiveBotBuilder::new().id(config.bot_id);
    for (instrument, book) in config.instruments.iter().zip(books) {
        builder = builder.register(Instrument::new(
            &instrument.connector,
            &instrument.symbol,
            instrument.tick_size,
            instrument.lot_size,
            book,
            instrument.last_trades_capacity,
        ));
    }
    SpinChannel::provide(core.clone());
    let live = builder.build::<SpinChannel>().map_err(|error| {
        Failure::new(Code::BuildFailed, format!("Cannot make the bot: {error}"))
    })?;
    let kind = config.depth;
    Ok(Box::new(LiveEngine { kind, live, core }))
}

impl<MD: UpstreamBook> Engine for LiveEngine<MD> {
    fn depth_kind(&self) -> DepthKind {
        self.kind
    }

    fn core(&self) -> &Rc<RefCell<Core>> {
        &self.core
    }

    fn current_timestamp(&self) -> i64 {
        self.live.current_timestamp()
    }

    fn num_assets(&self) -> usize {
        self.live.num_assets()
    }

    fn state_values(&self, asset: usize) -> &StateValues {
        self.live.state_values(asset)
    }

    fn book(&self, asset: usize) -> &dyn Book {
        self.live.depth(asset)
    }

    fn last_trades(&self, asset: usize) -> &[Event] {
        self.live.last_trades(asset)
    }

    fn clear_last_trades(&mut self, asset: Option<usize>) {
        self.live.clear_last_trades(asset);
        self.core.borrow_mut().trades_cleared(asset);
    }

    fn orders(&self, asset: usize) -> &HashMap<OrderId, Order> {
        self.live.orders(asset)
    }

    fn clear_inactive_orders(&mut self, asset: Option<usize>) {
        self.live.clear_inactive_orders(asset);
        self.core.borrow_mut().inactive_orders_cleared(asset);
    }

    fn submit(&mut self, asset: usize, order: OrderRequest, wait: bool) -> EngineResult {
        let send = match order.side {
            Side::Sell => LiveBot::submit_sell_order,
            _ => LiveBot::submit_buy_order,
        };
        send(
            &mut self.live,
            asset,
            order.order_id,
            order.price,
            order.qty,
            order.time_in_force,
            order.order_type,
            wait,
        )
    }

    fn cancel(&mut self, asset: usize, order_id: u64, wait: bool) -> EngineResult {
        self.live.cancel(asset, order_id, wait)
    }

    fn wait_order_response(&mut self, asset: usize, order_id: u64, timeout: i64) -> EngineResult {
        self.live.wait_order_response(asset, order_id, timeout)
    }

    fn wait_next_feed(&mut self, include_order_resp: bool, timeout: i64) -> EngineResult {
        self.live.wait_next_feed(include_order_resp, timeout)
    }

    fn elapse(&mut self, duration: i64) -> EngineResult {
        self.live.elapse(duration)
    }

    fn elapse_bt(&mut self, duration: i64) -> EngineResult {
        self.live.elapse_bt(duration)
    }

    unsafe fn poll(&mut self, batch: *mut u8, capacity: u32) -> Result<u32, BotError> {
        // SAFETY: promised by the caller.
        unsafe { self.core.borrow_mut().begin_poll(batch, capacity) };
        // In a poll the channel answers "timeout" as soon as nothing waits or the batch is full.
        match self.live.elapse(i64::MAX) {
            Ok(_) => Ok(self.core.borrow_mut().end_poll()),
            Err(error) => {
                self.core.borrow_mut().abandon_poll();
                Err(error)
            }
        }
    }
}
