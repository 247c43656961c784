//! A registered instrument: its public book and the orders on it.

use hftbacktest::types::Event;

use crate::{
    book::Book,
    config::{AccountConfig, OrdersConfig},
    matching::{Engine, FillLimits},
    source::Level,
};

/// Book and exchange of one instrument.
pub struct Market {
    pub book: Book,
    pub engine: Engine,
    /// Newest exchange time the book has seen, so that messages without one never look out of date.
    book_ts: i64,
}

impl Market {
    /// The instrument as its first registration describes it.
    pub fn new(
        symbol: &str,
        tick_size: f64,
        lot_size: f64,
        orders: &OrdersConfig,
        account: &AccountConfig,
    ) -> Self {
        let book = Book::new(tick_size, lot_size);
        let limits = FillLimits {
            max_lots: orders
                .max_fill_qty
                .map_or(i64::MAX, |qty| book.quantities.units(qty).max(1)),
            max_share: orders.max_filled_share,
        };
        let position = account.positions.get(symbol);
        let position = position.map(|&qty| book.quantities.units(qty));
        let engine = Engine::new(book.prices, book.quantities, limits, position);
        Self {
            book,
            engine,
            book_ts: 0,
        }
    }

    /// The exchange time of a message: its own, or the current time where that is newer than the book.
    pub fn time(&mut self, recorded: Option<i64>, now: i64) -> i64 {
        let time = recorded.unwrap_or(now.max(self.book_ts));
        self.book_ts = self.book_ts.max(time);
        time
    }

    /// Newest exchange time that the book has seen.
    pub fn newest_time(&self) -> i64 {
        self.book_ts
    }

    /// Applies a level. Returns the events to publish.
    pub fn apply(&mut self, level: &Level, best: bool, exch_ts: i64) -> Vec<Event> {
        if best {
            self.book.apply_best(level, exch_ts)
        } else {
            self.book.apply(level, exch_ts)
        }
    }

    /// Price and quantity of a trade in ticks and lots.
    pub fn units(&self, trade: &Level) -> (i64, i64) {
        (
            self.book.prices.units(trade.px),
            self.book.quantities.units(trade.qty),
        )
    }
}
