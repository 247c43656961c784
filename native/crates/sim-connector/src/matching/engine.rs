//! Matches the bots' orders against the public market. Own orders never change the public book.

use hftbacktest::types::{OrdType, Order, Side, Status, TimeInForce};

use super::{Grid, order::OwnOrder};
use crate::{book::Book, refusal::Refusal};

/// What the exchange reports.
#[derive(Clone, Debug)]
pub enum Update {
    Order(Order),
    Position { qty: f64, exch_ts: i64 },
}

/// How executions are limited, in lots.
#[derive(Clone, Copy, Debug)]
pub struct FillLimits {
    /// Largest single execution.
    pub max_lots: i64,
    /// Share of an order that may be executed.
    pub max_share: f64,
}

impl Default for FillLimits {
    fn default() -> Self {
        Self {
            max_lots: i64::MAX,
            max_share: 1.0,
        }
    }
}

/// Open orders and position of one instrument.
#[derive(Debug)]
pub struct Engine {
    prices: Grid,
    quantities: Grid,
    limits: FillLimits,
    /// In order of arrival.
    orders: Vec<OwnOrder>,
    /// Lots held; `None` until the exchange has told of it.
    position: Option<i64>,
    position_ts: i64,
    fills: u64,
}

impl Engine {
    /// An exchange for one instrument; `position` in lots when it is known.
    pub fn new(prices: Grid, quantities: Grid, limits: FillLimits, position: Option<i64>) -> Self {
        Self {
            prices,
            quantities,
            limits,
            orders: Vec::new(),
            position,
            position_ts: 0,
            fills: 0,
        }
    }

    /// Executions so far.
    pub fn fills(&self) -> u64 {
        self.fills
    }

    /// Whether an order of this id is open.
    pub fn contains(&self, order_id: u64) -> bool {
        self.orders.iter().any(|own| own.id() == order_id)
    }

    /// The open orders, oldest first.
    pub fn open_orders(&self) -> Vec<Order> {
        self.orders.iter().map(OwnOrder::current).collect()
    }

    /// The position and when it was last told, when it is known.
    pub fn position(&self) -> Option<(f64, i64)> {
        self.position
            .map(|lots| (self.quantities.value(lots), self.position_ts))
    }

    /// Takes an order whose price and quantity, in ticks and lots, were checked.
    pub fn submit(
        &mut self,
        order: Order,
        (tick, lots): (i64, i64),
        book: &Book,
        now: i64,
        out: &mut Vec<Update>,
    ) -> Result<(), Refusal> {
        let (kind, tif) = (order.order_type, order.time_in_force);
        let limit = (kind == OrdType::Limit).then_some(tick);
        let levels = book.takeable(order.side, limit);
        if tif == TimeInForce::GTX && !levels.is_empty() {
            return Err(Refusal::PostOnly);
        }

        let cap = (lots as f64 * self.limits.max_share + 1e-9).floor() as i64;
        let mut own = OwnOrder::new(order, tick, lots, cap);
        out.push(Update::Order(own.accept(now)));

        let takeable: i64 = levels.iter().map(|&(_, lots)| lots).sum();
        if tif != TimeInForce::FOK || takeable.min(own.fillable()) >= lots {
            for (level, displayed) in levels {
                self.take(&mut own, level, displayed, now, out);
            }
        }
        if own.done() {
            return Ok(());
        }
        if kind == OrdType::Market || matches!(tif, TimeInForce::IOC | TimeInForce::FOK) {
            out.push(Update::Order(own.end(Status::Expired, now)));
            return Ok(());
        }
        own.ahead = book.displayed(own.side(), tick);
        self.orders.push(own);
        Ok(())
    }

    /// Cancels an order. False when no such order is open.
    pub fn cancel(&mut self, order_id: u64, now: i64, out: &mut Vec<Update>) -> bool {
        let Some(at) = self.orders.iter().position(|own| own.id() == order_id) else {
            return false;
        };
        let mut own = self.orders.remove(at);
        out.push(Update::Order(own.end(Status::Canceled, now)));
        true
    }

    /// Cancels every open order.
    pub fn cancel_all(&mut self, now: i64, out: &mut Vec<Update>) {
        for mut own in self.orders.drain(..) {
            out.push(Update::Order(own.end(Status::Canceled, now)));
        }
    }

    /// A public trade: it uses up the queue at its price, and nothing is left at better prices.
    pub fn on_trade(
        &mut self,
        aggressor: Side,
        (tick, lots): (i64, i64),
        now: i64,
        out: &mut Vec<Update>,
    ) {
        if self.orders.is_empty() {
            return;
        }
        // What own orders take at the trade's price is not there for the own orders behind them.
        let mut left = lots;
        let mut orders = std::mem::take(&mut self.orders);
        for own in orders.iter_mut().filter(|own| own.side() != aggressor) {
            let through = match own.side() {
                Side::Buy => own.tick > tick,
                _ => own.tick < tick,
            };
            let fill = if through {
                own.fillable()
            } else if own.tick == tick {
                let reached = (left - own.ahead).max(0);
                own.ahead = (own.ahead - left).max(0);
                let fill = reached.min(own.fillable());
                left -= fill;
                fill
            } else {
                0
            };
            let at = own.tick;
            self.execute(own, at, fill, true, now, out);
        }
        self.keep_open(orders);
    }

    /// A change of the public book: less before an order in the queue, or an opposite side that has come to its price.
    pub fn on_depth(&mut self, book: &Book, now: i64, out: &mut Vec<Update>) {
        if self.orders.is_empty() {
            return;
        }
        let mut orders = std::mem::take(&mut self.orders);
        for own in &mut orders {
            let other_side = opposite(own.side());
            own.ahead = own.ahead.min(book.displayed(own.side(), own.tick));
            own.forget_taken(|tick| book.displayed(other_side, tick));
            for (level, displayed) in book.takeable(own.side(), Some(own.tick)) {
                let fill = own.untaken(level, displayed).min(own.fillable());
                own.take(level, fill);
                let at = own.tick;
                self.execute(own, at, fill, true, now, out);
            }
        }
        self.keep_open(orders);
    }

    fn keep_open(&mut self, mut orders: Vec<OwnOrder>) {
        orders.retain(|own| !own.done());
        self.orders = orders;
    }

    /// Takes what a level shows, as an aggressor.
    fn take(
        &mut self,
        own: &mut OwnOrder,
        level: i64,
        displayed: i64,
        now: i64,
        out: &mut Vec<Update>,
    ) {
        let lots = displayed.min(own.fillable());
        own.take(level, lots);
        self.execute(own, level, lots, false, now, out);
    }

    fn execute(
        &mut self,
        own: &mut OwnOrder,
        tick: i64,
        lots: i64,
        maker: bool,
        now: i64,
        out: &mut Vec<Update>,
    ) {
        let mut left = lots;
        while left > 0 {
            let part = left.min(self.limits.max_lots);
            left -= part;
            let price_tick = own.price_tick(self.prices.value(tick));
            let order = own.execute(part, price_tick, maker, &self.quantities, now);
            let signed = match own.side() {
                Side::Buy => part,
                _ => -part,
            };
            let position = self.position.unwrap_or(0) + signed;
            self.position = Some(position);
            self.position_ts = self.position_ts.max(order.exch_timestamp);
            self.fills += 1;
            out.push(Update::Order(order));
            out.push(Update::Position {
                qty: self.quantities.value(position),
                exch_ts: self.position_ts,
            });
        }
    }
}

fn opposite(side: Side) -> Side {
    match side {
        Side::Buy => Side::Sell,
        _ => Side::Buy,
    }
}
