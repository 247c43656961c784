//! One of the bots' orders, as the exchange holds it.

use std::collections::BTreeMap;

use hftbacktest::types::{Order, Side, Status};

use super::Grid;

/// An accepted order. Prices in ticks and quantities in lots of the instrument's book.
#[derive(Debug)]
pub struct OwnOrder {
    order: Order,
    pub tick: i64,
    pub lots: i64,
    /// Lots executed.
    filled: i64,
    /// Lots it may execute at most.
    cap: i64,
    /// Lots of others at its price that arrived before it.
    pub ahead: i64,
    /// Lots it took from levels of the opposite side and that the book still shows.
    taken: BTreeMap<i64, i64>,
}

impl OwnOrder {
    /// An order that was accepted. `cap` is the largest quantity that it may execute.
    pub fn new(order: Order, tick: i64, lots: i64, cap: i64) -> Self {
        Self {
            order,
            tick,
            lots,
            filled: 0,
            cap,
            ahead: 0,
            taken: BTreeMap::new(),
        }
    }

    pub fn id(&self) -> u64 {
        self.order.order_id
    }

    pub fn side(&self) -> Side {
        self.order.side
    }

    /// Lots that may still be executed.
    pub fn fillable(&self) -> i64 {
        self.cap - self.filled
    }

    /// Whether nothing is left of it.
    pub fn done(&self) -> bool {
        self.filled == self.lots
    }

    /// The order as it stands, for a bot that registers.
    pub fn current(&self) -> Order {
        self.order.clone()
    }

    /// Lots of a displayed level that it has not taken yet.
    pub fn untaken(&self, tick: i64, displayed: i64) -> i64 {
        (displayed - self.taken.get(&tick).copied().unwrap_or(0)).max(0)
    }

    /// Remembers lots it took from a level.
    pub fn take(&mut self, tick: i64, lots: i64) {
        *self.taken.entry(tick).or_insert(0) += lots;
    }

    /// Forgets what it took where the book shows less by now: what comes back to such a level is new.
    pub fn forget_taken(&mut self, displayed: impl Fn(i64) -> i64) {
        self.taken.retain(|&tick, lots| {
            *lots = (*lots).min(displayed(tick));
            *lots > 0
        });
    }

    /// The report of its acceptance.
    pub fn accept(&mut self, now: i64) -> Order {
        self.report(Status::New, now)
    }

    /// Executes lots at a price in ticks of its own tick size.
    pub fn execute(
        &mut self,
        lots: i64,
        exec_price_tick: i64,
        maker: bool,
        quantities: &Grid,
        now: i64,
    ) -> Order {
        self.filled += lots;
        self.order.leaves_qty = quantities.value(self.lots - self.filled);
        self.order.exec_qty = quantities.value(lots);
        self.order.exec_price_tick = exec_price_tick;
        self.order.maker = maker;
        let status = if self.done() {
            Status::Filled
        } else {
            Status::PartiallyFilled
        };
        self.report(status, now)
    }

    /// Ends it without an execution.
    pub fn end(&mut self, status: Status, now: i64) -> Order {
        self.order.exec_qty = 0.0;
        self.order.exec_price_tick = 0;
        self.report(status, now)
    }

    /// A price in ticks of the order's own tick size, which may differ from the book's.
    pub fn price_tick(&self, price: f64) -> i64 {
        (price / self.order.tick_size).round() as i64
    }

    fn report(&mut self, status: Status, now: i64) -> Order {
        self.order.status = status;
        self.order.req = Status::None;
        self.order.exch_timestamp = now.max(self.order.exch_timestamp + 1);
        self.order.clone()
    }
}
