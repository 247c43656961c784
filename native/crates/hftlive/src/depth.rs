//! Upstream's books behind a shared handle, so that the channel can empty one that upstream's
//! bot owns.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use hftbacktest::depth::{
    ApplySnapshot, HashMapMarketDepth, INVALID_MAX, INVALID_MIN, L2MarketDepth, MarketDepth,
    ROIVectorMarketDepth,
};
use hftbacktest::types::{
    BUY_EVENT, DEPTH_SNAPSHOT_EVENT, EXCH_EVENT, Event, LOCAL_EVENT, SELL_EVENT, Side,
};

/// Beyond this many ticks a search through all levels beats upstream's walk over the ticks.
const LONG_WALK: i64 = 1 << 16;

/// What this library needs of an upstream book beyond upstream's traits.
pub trait UpstreamBook: MarketDepth + L2MarketDepth + 'static {
    /// The book as snapshot events, bids from the best down, then asks from the best up.
    fn snapshot_events(&self) -> Vec<Event>;

    /// Quantities by tick and the lowest and highest tick, of a ROI vector book.
    fn roi(&self) -> Option<Roi<'_>> {
        None
    }

    /// Called before a bid level changes: may find the next best itself.
    fn before_bid(&mut self, _tick: i64, _is_removal: bool) {}

    /// Called before an ask level changes: may find the next best itself.
    fn before_ask(&mut self, _tick: i64, _is_removal: bool) {}
}

/// Inside of a ROI vector book.
pub struct Roi<'a> {
    /// Bid quantity by tick, from the lowest.
    pub bids: &'a [f64],
    /// Ask quantity by tick, from the lowest.
    pub asks: &'a [f64],
    /// Lowest and highest tick.
    pub ticks: (i64, i64),
}

impl UpstreamBook for HashMapMarketDepth {
    fn snapshot_events(&self) -> Vec<Event> {
        ApplySnapshot::snapshot(self)
    }

    fn before_bid(&mut self, tick: i64, is_removal: bool) {
        if is_removal {
            if tick == self.best_bid_tick && far(self.low_bid_tick, tick) {
                self.bid_depth.remove(&tick);
                retreat_bid(self, tick);
                if self.best_bid_tick == INVALID_MIN {
                    self.low_bid_tick = INVALID_MAX;
                }
            }
        } else if tick >= self.best_ask_tick && far(tick, self.high_ask_tick) {
            retreat_ask(self, tick);
        }
    }

    fn before_ask(&mut self, tick: i64, is_removal: bool) {
        if is_removal {
            if tick == self.best_ask_tick && far(tick, self.high_ask_tick) {
                self.ask_depth.remove(&tick);
                retreat_ask(self, tick);
                if self.best_ask_tick == INVALID_MAX {
                    self.high_ask_tick = INVALID_MIN;
                }
            }
        } else if tick <= self.best_bid_tick && far(self.low_bid_tick, tick) {
            retreat_bid(self, tick);
        }
    }
}

fn far(low: i64, high: i64) -> bool {
    high.saturating_sub(low) > LONG_WALK
}

/// Sets the best bid to the highest one below a tick.
fn retreat_bid(book: &mut HashMapMarketDepth, tick: i64) {
    let next = levels(&book.bid_depth).filter(|&t| t < tick).max();
    book.best_bid_tick = next.unwrap_or(INVALID_MIN);
}

/// Sets the best ask to the lowest one above a tick.
fn retreat_ask(book: &mut HashMapMarketDepth, tick: i64) {
    let next = levels(&book.ask_depth).filter(|&t| t > tick).min();
    book.best_ask_tick = next.unwrap_or(INVALID_MAX);
}

fn levels(side: &HashMap<i64, f64>) -> impl Iterator<Item = i64> {
    side.iter().filter(|&(_, &qty)| qty > 0.0).map(|(&t, _)| t)
}

impl UpstreamBook for ROIVectorMarketDepth {
    fn snapshot_events(&self) -> Vec<Event> {
        let level = |side: u64, tick: i64, qty: f64| Event {
            ev: EXCH_EVENT | LOCAL_EVENT | DEPTH_SNAPSHOT_EVENT | side,
            exch_ts: 0,
            local_ts: 0,
            px: tick as f64 * self.tick_size,
            qty,
            order_id: 0,
            ival: 0,
            fval: 0.0,
        };
        let ticked = |side: &'_ [f64]| {
            let lowest = self.roi_lb;
            let held = side.iter().enumerate().filter(|&(_, &qty)| qty > 0.0);
            held.map(|(at, &qty)| (lowest + at as i64, qty))
                .collect::<Vec<_>>()
        };
        let bids = ticked(&self.bid_depth).into_iter().rev();
        let asks = ticked(&self.ask_depth).into_iter();
        bids.filter(|&(tick, _)| tick <= self.best_bid_tick)
            .map(|(tick, qty)| level(BUY_EVENT, tick, qty))
            .chain(
                asks.filter(|&(tick, _)| tick >= self.best_ask_tick)
                    .map(|(tick, qty)| level(SELL_EVENT, tick, qty)),
            )
            .collect()
    }

    fn roi(&self) -> Option<Roi<'_>> {
        Some(Roi {
            bids: self.bid_depth(),
            asks: self.ask_depth(),
            ticks: self.roi_tick(),
        })
    }
}

struct Shared<MD> {
    book: MD,
    /// Whether a level was set since the book was last empty for sure.
    touched: bool,
}

/// A book that upstream's bot and the channel share.
pub struct SharedDepth<MD>(Rc<RefCell<Shared<MD>>>);

impl<MD> Clone for SharedDepth<MD> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<MD: UpstreamBook> SharedDepth<MD> {
    /// Shares an empty book.
    pub fn new(book: MD) -> Self {
        Self(Rc::new(RefCell::new(Shared {
            book,
            touched: false,
        })))
    }
}

impl<MD: UpstreamBook> MarketDepth for SharedDepth<MD> {
    fn best_bid(&self) -> f64 {
        self.0.borrow().book.best_bid()
    }
    fn best_ask(&self) -> f64 {
        self.0.borrow().book.best_ask()
    }
    fn best_bid_tick(&self) -> i64 {
        self.0.borrow().book.best_bid_tick()
    }
    fn best_ask_tick(&self) -> i64 {
        self.0.borrow().book.best_ask_tick()
    }
    fn best_bid_qty(&self) -> f64 {
        self.0.borrow().book.best_bid_qty()
    }
    fn best_ask_qty(&self) -> f64 {
        self.0.borrow().book.best_ask_qty()
    }
    fn tick_size(&self) -> f64 {
        self.0.borrow().book.tick_size()
    }
    fn lot_size(&self) -> f64 {
        self.0.borrow().book.lot_size()
    }
    fn bid_qty_at_tick(&self, tick: i64) -> f64 {
        self.0.borrow().book.bid_qty_at_tick(tick)
    }
    fn ask_qty_at_tick(&self, tick: i64) -> f64 {
        self.0.borrow().book.ask_qty_at_tick(tick)
    }
}

impl<MD: UpstreamBook> Shared<MD> {
    /// Tick, and the quantity with less than half a lot counted as none: the ROI vector would
    /// keep the crumb and find it again as a level.
    fn prepare(&mut self, price: f64, qty: f64) -> (i64, f64) {
        let tick = (price / self.book.tick_size()).round() as i64;
        if (qty / self.book.lot_size()).round() as i64 == 0 {
            return (tick, 0.0);
        }
        self.touched = true;
        (tick, qty)
    }
}

impl<MD: UpstreamBook> L2MarketDepth for SharedDepth<MD> {
    fn update_bid_depth(
        &mut self,
        price: f64,
        qty: f64,
        ts: i64,
    ) -> (i64, i64, i64, f64, f64, i64) {
        let shared = &mut *self.0.borrow_mut();
        let (tick, qty) = shared.prepare(price, qty);
        shared.book.before_bid(tick, qty == 0.0);
        shared.book.update_bid_depth(price, qty, ts)
    }

    fn update_ask_depth(
        &mut self,
        price: f64,
        qty: f64,
        ts: i64,
    ) -> (i64, i64, i64, f64, f64, i64) {
        let shared = &mut *self.0.borrow_mut();
        let (tick, qty) = shared.prepare(price, qty);
        shared.book.before_ask(tick, qty == 0.0);
        shared.book.update_ask_depth(price, qty, ts)
    }

    fn clear_depth(&mut self, side: Side, upto: f64) {
        self.0.borrow_mut().book.clear_depth(side, upto);
    }
}

/// A book whatever its type: what the channel and the C ABI use.
pub trait Book: MarketDepth {
    /// Empties the book; tells whether it may have held anything.
    fn empty(&self) -> bool;
    /// Removes the levels of a side from the best to a price, or all if the price is not above 0.
    fn clear_side(&self, side: Side, upto: f64);
    /// See [`UpstreamBook::snapshot_events`].
    fn snapshot_events(&self) -> Vec<Event>;
    /// Reads the inside of a ROI vector book. The vectors never move.
    fn with_roi(&self, read: &mut dyn FnMut(Roi<'_>)) -> bool;
}

impl<MD: UpstreamBook> Book for SharedDepth<MD> {
    fn empty(&self) -> bool {
        let shared = &mut *self.0.borrow_mut();
        if shared.touched {
            shared.book.clear_depth(Side::None, f64::NAN);
        }
        std::mem::replace(&mut shared.touched, false)
    }

    fn clear_side(&self, side: Side, upto: f64) {
        if matches!(side, Side::None | Side::Unsupported) {
            self.empty();
            return;
        }
        // Level by level: upstream's own clearing of part of a ROI vector's ask side is wrong.
        let all = !(upto.is_finite() && upto > 0.0);
        let mut depth = self.clone();
        for event in Book::snapshot_events(self) {
            let is_bid = event.ev & BUY_EVENT != 0;
            if is_bid && side == Side::Buy && (all || event.px >= upto) {
                depth.update_bid_depth(event.px, 0.0, 0);
            } else if !is_bid && side == Side::Sell && (all || event.px <= upto) {
                depth.update_ask_depth(event.px, 0.0, 0);
            }
        }
    }

    fn snapshot_events(&self) -> Vec<Event> {
        self.0.borrow().book.snapshot_events()
    }

    fn with_roi(&self, read: &mut dyn FnMut(Roi<'_>)) -> bool {
        let shared = self.0.borrow();
        match shared.book.roi() {
            Some(roi) => {
                read(roi);
                true
            }
            None => false,
        }
    }
}
