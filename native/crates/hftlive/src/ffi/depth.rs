//! `hashmapdepth_*` and `roivecdepth_*`: upstream's names for a book.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ptr::{NonNull, null, null_mut};

use hftbacktest::types::Event;

use super::lookup::{check_asset, check_kind};
use super::{call, write};
use crate::config::DepthKind;
use crate::depth::{Book, Roi};
use crate::error::Failure;
use crate::handle::{self, Handle, HandleKind};

fn with_book<T>(
    kind: DepthKind,
    depth: Handle,
    body: impl FnOnce(&dyn Book) -> Result<T, Failure>,
) -> Result<T, Failure> {
    handle::with(depth, HandleKind::Depth, |engine, parts| {
        check_kind(engine, kind)?;
        let asset = usize::from(parts.asset);
        check_asset(engine, asset)?;
        body(engine.book(asset))
    })
}

fn number(kind: DepthKind, depth: Handle, read: impl FnOnce(&dyn Book) -> f64) -> f64 {
    call(
        |_| f64::NAN,
        || with_book(kind, depth, |book| Ok(read(book))),
    )
}

fn tick(kind: DepthKind, depth: Handle, read: impl FnOnce(&dyn Book) -> i64) -> i64 {
    call(
        |_| i64::MIN,
        || with_book(kind, depth, |book| Ok(read(book))),
    )
}

thread_local! {
    /// Snapshots that C has and has not freed yet, by address.
    static SNAPSHOTS: RefCell<HashMap<usize, Box<[Event]>>> = RefCell::default();
}

unsafe fn snapshot(kind: DepthKind, depth: Handle, len: *mut usize) -> *mut Event {
    call(
        |_| null_mut(),
        || {
            with_book(kind, depth, |book| {
                let mut events = book.snapshot_events().into_boxed_slice();
                // SAFETY: promised by the caller.
                unsafe { write(len, "len", events.len())? };
                if events.is_empty() {
                    return Ok(NonNull::dangling().as_ptr());
                }
                let at = events.as_mut_ptr();
                SNAPSHOTS.with_borrow_mut(|held| held.insert(at as usize, events));
                Ok(at)
            })
        },
    )
}

fn snapshot_free(events: *mut Event, len: usize) {
    call(
        |_| (),
        || {
            if len == 0 && events == NonNull::dangling().as_ptr() {
                return Ok(());
            }
            SNAPSHOTS.with_borrow_mut(|held| match held.get(&(events as usize)) {
                Some(snapshot) if snapshot.len() == len => {
                    held.remove(&(events as usize));
                    Ok(())
                }
                Some(snapshot) => Err(Failure::argument(format!(
                    "Cannot free the snapshot: len = {len}, expected {}",
                    snapshot.len()
                ))),
                None => Err(Failure::argument(
                    "Cannot free the snapshot: it is not one of this thread's",
                )),
            })
        },
    );
}

unsafe fn quantities(
    depth: Handle,
    len: *mut usize,
    side: fn(Roi<'_>) -> (*const f64, usize),
) -> *const f64 {
    call(
        |_| null(),
        || {
            with_book(DepthKind::RoiVec, depth, |book| {
                let mut found = (null(), 0);
                book.with_roi(&mut |roi| found = side(roi));
                // SAFETY: promised by the caller.
                unsafe { write(len, "len", found.1)? };
                Ok(found.0)
            })
        },
    )
}

fn roi_ticks(depth: Handle, pick: fn((i64, i64)) -> i64) -> i64 {
    tick(DepthKind::RoiVec, depth, |book| {
        let mut ticks = (i64::MIN, i64::MIN);
        book.with_roi(&mut |roi| ticks = roi.ticks);
        pick(ticks)
    })
}

macro_rules! depth_exports {
    ($prefix:literal, $kind:expr) => {
        use super::*;

        const KIND: DepthKind = $kind;

        /// Highest bid in ticks; `i64::MIN` without one and on an error.
        #[unsafe(export_name = concat!($prefix, "_best_bid_tick"))]
        pub extern "C" fn best_bid_tick(depth: Handle) -> i64 {
            tick(KIND, depth, |book| book.best_bid_tick())
        }

        /// Lowest ask in ticks; `i64::MAX` without one, `i64::MIN` on an error.
        #[unsafe(export_name = concat!($prefix, "_best_ask_tick"))]
        pub extern "C" fn best_ask_tick(depth: Handle) -> i64 {
            tick(KIND, depth, |book| book.best_ask_tick())
        }

        /// Highest bid; NaN without one and on an error.
        #[unsafe(export_name = concat!($prefix, "_best_bid"))]
        pub extern "C" fn best_bid(depth: Handle) -> f64 {
            number(KIND, depth, |book| book.best_bid())
        }

        /// Lowest ask; NaN without one and on an error.
        #[unsafe(export_name = concat!($prefix, "_best_ask"))]
        pub extern "C" fn best_ask(depth: Handle) -> f64 {
            number(KIND, depth, |book| book.best_ask())
        }

        /// Quantity at the best bid; NaN on an error.
        #[unsafe(export_name = concat!($prefix, "_best_bid_qty"))]
        pub extern "C" fn best_bid_qty(depth: Handle) -> f64 {
            number(KIND, depth, |book| book.best_bid_qty())
        }

        /// Quantity at the best ask; NaN on an error.
        #[unsafe(export_name = concat!($prefix, "_best_ask_qty"))]
        pub extern "C" fn best_ask_qty(depth: Handle) -> f64 {
            number(KIND, depth, |book| book.best_ask_qty())
        }

        /// Price step; NaN on an error.
        #[unsafe(export_name = concat!($prefix, "_tick_size"))]
        pub extern "C" fn tick_size(depth: Handle) -> f64 {
            number(KIND, depth, |book| book.tick_size())
        }

        /// Quantity step; NaN on an error.
        #[unsafe(export_name = concat!($prefix, "_lot_size"))]
        pub extern "C" fn lot_size(depth: Handle) -> f64 {
            number(KIND, depth, |book| book.lot_size())
        }

        /// Bid quantity at a tick; NaN on an error.
        #[unsafe(export_name = concat!($prefix, "_bid_qty_at_tick"))]
        pub extern "C" fn bid_qty_at_tick(depth: Handle, price_tick: i64) -> f64 {
            number(KIND, depth, |book| book.bid_qty_at_tick(price_tick))
        }

        /// Ask quantity at a tick; NaN on an error.
        #[unsafe(export_name = concat!($prefix, "_ask_qty_at_tick"))]
        pub extern "C" fn ask_qty_at_tick(depth: Handle, price_tick: i64) -> f64 {
            number(KIND, depth, |book| book.ask_qty_at_tick(price_tick))
        }

        /// The whole book as snapshot events, to be freed with `snapshot_free`; null on an error.
        ///
        /// # Safety
        /// See the module.
        #[unsafe(export_name = concat!($prefix, "_snapshot"))]
        pub unsafe extern "C" fn snapshot(depth: Handle, len: *mut usize) -> *mut Event {
            // SAFETY: promised by the caller.
            unsafe { super::snapshot(KIND, depth, len) }
        }

        /// Frees a snapshot of this thread.
        #[unsafe(export_name = concat!($prefix, "_snapshot_free"))]
        pub extern "C" fn snapshot_free(events: *mut Event, len: usize) {
            super::snapshot_free(events, len);
        }
    };
}

/// Functions on a hash map book.
pub mod hashmap {
    depth_exports!("hashmapdepth", DepthKind::HashMap);
}

/// Functions on a ROI vector book.
pub mod roivec {
    depth_exports!("roivecdepth", DepthKind::RoiVec);

    /// Bid quantities by tick from the lowest, valid until the bot is closed; null on an error.
    ///
    /// # Safety
    /// See the module.
    #[unsafe(no_mangle)]
    pub unsafe extern "C" fn roivecdepth_bid_depth(depth: Handle, len: *mut usize) -> *const f64 {
        // SAFETY: promised by the caller.
        unsafe { quantities(depth, len, |roi| (roi.bids.as_ptr(), roi.bids.len())) }
    }

    /// Ask quantities by tick from the lowest, valid until the bot is closed; null on an error.
    ///
    /// # Safety
    /// See the module.
    #[unsafe(no_mangle)]
    pub unsafe extern "C" fn roivecdepth_ask_depth(depth: Handle, len: *mut usize) -> *const f64 {
        // SAFETY: promised by the caller.
        unsafe { quantities(depth, len, |roi| (roi.asks.as_ptr(), roi.asks.len())) }
    }

    /// Lowest tick of the range; `i64::MIN` on an error.
    #[unsafe(no_mangle)]
    pub extern "C" fn roivecdepth_roi_lb_tick(depth: Handle) -> i64 {
        roi_ticks(depth, |ticks| ticks.0)
    }

    /// Highest tick of the range; `i64::MIN` on an error.
    #[unsafe(no_mangle)]
    pub extern "C" fn roivecdepth_roi_ub_tick(depth: Handle) -> i64 {
        roi_ticks(depth, |ticks| ticks.1)
    }
}
