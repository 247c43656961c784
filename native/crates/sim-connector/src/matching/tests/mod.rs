mod reports;
mod resting;
mod taking;

use hftbacktest::types::{OrdType, Order, Side, Status, TimeInForce};

use super::{Engine, FillLimits, Update};
use crate::{book::Book, refusal::Refusal, source::Level};

const TICK: f64 = 0.5;
const LOT: f64 = 0.1;

/// What an order report says, without the fields that stay.
#[derive(Debug, PartialEq)]
struct Report {
    status: Status,
    exec: f64,
    at: i64,
    leaves: f64,
    maker: bool,
}

struct Exchange {
    book: Book,
    engine: Engine,
    updates: Vec<Update>,
    time: i64,
}

impl Exchange {
    /// Bids of 1.0 at 100 and 2.0 at 99, asks of 1.0 at 101 and 2.0 at 102; prices in ticks.
    fn new() -> Self {
        Self::with_limits(FillLimits::default())
    }

    fn with_limits(limits: FillLimits) -> Self {
        let book = Book::new(TICK, LOT);
        let engine = Engine::new(book.prices, book.quantities, limits, None);
        let mut exchange = Self {
            book,
            engine,
            updates: Vec::new(),
            time: 1_000,
        };
        for (side, tick, qty) in [
            (Side::Buy, 100, 1.0),
            (Side::Buy, 99, 2.0),
            (Side::Sell, 101, 1.0),
            (Side::Sell, 102, 2.0),
        ] {
            exchange.show(side, tick, qty);
        }
        exchange
    }

    fn show(&mut self, side: Side, tick: i64, qty: f64) {
        self.time += 1;
        let px = tick as f64 * TICK;
        self.book.apply(&Level { side, px, qty }, self.time);
        self.engine
            .on_depth(&self.book, self.time, &mut self.updates);
    }

    fn trade(&mut self, aggressor: Side, tick: i64, qty: f64) {
        let lots = self.book.quantities.units(qty);
        self.engine
            .on_trade(aggressor, (tick, lots), self.time, &mut self.updates);
    }

    fn order(
        &mut self,
        id: u64,
        side: Side,
        tick: i64,
        qty: f64,
        kind: OrdType,
        tif: TimeInForce,
    ) -> Result<(), Refusal> {
        let order = Order::new(id, tick, TICK, qty, side, kind, tif);
        let lots = self.book.quantities.units(qty);
        self.engine.submit(
            order,
            (tick, lots),
            &self.book,
            self.time,
            &mut self.updates,
        )
    }

    fn limit(&mut self, id: u64, side: Side, tick: i64, qty: f64, tif: TimeInForce) {
        self.order(id, side, tick, qty, OrdType::Limit, tif)
            .unwrap();
    }

    /// Reports of orders since the last call.
    fn reports(&mut self) -> Vec<(u64, Report)> {
        let orders = self.updates.drain(..).filter_map(|update| match update {
            Update::Order(order) => Some(order),
            Update::Position { .. } => None,
        });
        orders
            .map(|order| {
                let report = Report {
                    status: order.status,
                    exec: order.exec_qty,
                    at: order.exec_price_tick,
                    leaves: order.leaves_qty,
                    maker: order.maker,
                };
                (order.order_id, report)
            })
            .collect()
    }

    fn statuses(&mut self) -> Vec<Status> {
        let reports = self.reports();
        reports
            .into_iter()
            .map(|(_, report)| report.status)
            .collect()
    }

    fn position(&self) -> f64 {
        self.engine.position().map_or(0.0, |(qty, _)| qty)
    }
}

fn executed(status: Status, exec: f64, at: i64, leaves: f64, maker: bool) -> Report {
    Report {
        status,
        exec,
        at,
        leaves,
        maker,
    }
}
