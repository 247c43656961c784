//! Messages become records, and events for upstream's bot.

use hftbacktest::types::{
    BUY_EVENT, ErrorKind, Event, LiveError, LiveEvent, Order, SELL_EVENT, Side,
};

use super::{Core, Step};
use crate::clock::wall_ns;
use crate::normalise;
use crate::record::{ErrorDetail, Record, kind};
use crate::wire::{WireError, WireEvent};

impl Core {
    /// Checks an event, records it, and changes it for upstream's bot.
    pub(super) fn handle(&mut self, at: usize, is_own: bool, event: WireEvent<'_>) -> Step {
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
            let is_snapshot = matches!(&event,
                WireEvent::Feed { event, .. } if event.ev as u8 == kind::SNAPSHOT);
            self.answer_content(at, asset, is_snapshot);
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
        let state = &mut self.assets[asset];
        state.orders.reported(&order);
        state.order_latency = Some((order.local_timestamp, order.exch_timestamp, wall_ns()));
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

    /// Records the start or end of a batch.
    pub(super) fn mark(&mut self, mark: u8, asset: u16, registration: bool) {
        self.sink
            .push(Record::mark(mark, asset, registration, self.clock.wall));
    }
}
