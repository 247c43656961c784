//! The public book of one instrument: upstream's fused depth, as the real connector keeps it.

use hftbacktest::{
    depth::{ApplySnapshot, FusedHashMapMarketDepth, INVALID_MAX, INVALID_MIN, MarketDepth},
    types::{
        Event, LOCAL_ASK_DEPTH_BBO_EVENT, LOCAL_ASK_DEPTH_EVENT, LOCAL_BID_DEPTH_BBO_EVENT,
        LOCAL_BID_DEPTH_EVENT, Side,
    },
};

use crate::{matching::Grid, source::Level};

/// Depth, tick grid and lot grid.
pub struct Book {
    depth: FusedHashMapMarketDepth,
    pub prices: Grid,
    pub quantities: Grid,
}

impl Book {
    /// An empty book.
    pub fn new(tick_size: f64, lot_size: f64) -> Self {
        Self {
            depth: FusedHashMapMarketDepth::new(tick_size, lot_size),
            prices: Grid::new(tick_size),
            quantities: Grid::new(lot_size),
        }
    }

    /// Applies a level of a depth message. Returns the events to publish: none when the level is out of date, more than
    /// one when it crosses the other side.
    pub fn apply(&mut self, level: &Level, exch_ts: i64) -> Vec<Event> {
        match level.side {
            Side::Buy => self
                .depth
                .update_bid_depth(event(LOCAL_BID_DEPTH_EVENT, level, exch_ts)),
            _ => self
                .depth
                .update_ask_depth(event(LOCAL_ASK_DEPTH_EVENT, level, exch_ts)),
        }
    }

    /// Applies a best price, in the same manner.
    pub fn apply_best(&mut self, level: &Level, exch_ts: i64) -> Vec<Event> {
        match level.side {
            Side::Buy => {
                self.depth
                    .update_best_bid(event(LOCAL_BID_DEPTH_BBO_EVENT, level, exch_ts))
            }
            _ => self
                .depth
                .update_best_ask(event(LOCAL_ASK_DEPTH_BBO_EVENT, level, exch_ts)),
        }
    }

    /// All levels, as a registration is answered with them.
    pub fn snapshot(&self) -> Vec<Event> {
        self.depth.snapshot()
    }

    /// Deletions of all levels.
    pub fn deletions(&self) -> Vec<Level> {
        let levels = |side, ticks: Vec<i64>| {
            ticks.into_iter().map(move |tick| Level {
                side,
                px: self.prices.value(tick),
                qty: 0.0,
            })
        };
        let bids = self.depth.bid_depth.keys().copied().collect();
        let asks = self.depth.ask_depth.keys().copied().collect();
        levels(Side::Buy, bids)
            .chain(levels(Side::Sell, asks))
            .collect()
    }

    /// Lots shown at a price.
    pub fn displayed(&self, side: Side, tick: i64) -> i64 {
        let qty = match side {
            Side::Buy => self.depth.bid_qty_at_tick(tick),
            _ => self.depth.ask_qty_at_tick(tick),
        };
        self.quantities.units(qty)
    }

    /// The levels that an order of this side can take up to its limit (ticks and lots), best first; all of the opposite
    /// side without a limit.
    pub fn takeable(&self, side: Side, limit: Option<i64>) -> Vec<(i64, i64)> {
        let buy = side == Side::Buy;
        let (best, limit) = if buy {
            (self.depth.best_ask_tick, limit.unwrap_or(INVALID_MAX))
        } else {
            (self.depth.best_bid_tick, limit.unwrap_or(INVALID_MIN))
        };
        let within = |tick: i64| if buy { tick <= limit } else { tick >= limit };
        // The usual case, which every change of the book asks for.
        if best == INVALID_MIN || best == INVALID_MAX || !within(best) {
            return Vec::new();
        }
        let depth = if buy {
            &self.depth.ask_depth
        } else {
            &self.depth.bid_depth
        };
        let mut levels: Vec<(i64, i64)> = depth
            .keys()
            .filter(|&&tick| within(tick))
            .map(|&tick| (tick, self.displayed(opposite(side), tick)))
            .collect();
        levels.sort_unstable_by_key(|&(tick, _)| if buy { tick } else { -tick });
        levels
    }
}

fn opposite(side: Side) -> Side {
    match side {
        Side::Buy => Side::Sell,
        _ => Side::Buy,
    }
}

/// A feed event; the publisher sets its local time.
pub fn event(ev: u64, level: &Level, exch_ts: i64) -> Event {
    Event {
        ev,
        exch_ts,
        local_ts: 0,
        px: level.px,
        qty: level.qty,
        order_id: 0,
        ival: 0,
        fval: 0.0,
    }
}
