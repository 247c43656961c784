//! `hashmaplive_*` and `roiveclive_*`: upstream's names for the bot itself.

use std::ffi::c_void;
use std::ptr::null;

use hftbacktest::types::{Event, Side, StateValues};

use super::lookup::{check_kind, one_or_all, with_asset, with_bot};
use super::requests::{RawOrder, check_time, elapsed, submit};
use super::{call, code, requests, write};
use crate::config::DepthKind;
use crate::handle::{self, Handle, HandleKind};

/// Exports one family. A C `bool` comes in as a byte of which any value but 0 is true, since any
/// other value in a Rust `bool` is undefined behaviour.
macro_rules! live_exports {
    ($prefix:literal, $kind:expr) => {
        use super::*;

        const KIND: DepthKind = $kind;

        /// Wall time, ns since the Unix epoch; `i64::MIN` on an error.
        #[unsafe(export_name = concat!($prefix, "_current_timestamp"))]
        pub extern "C" fn current_timestamp(bot: Handle) -> i64 {
            call(
                |_| i64::MIN,
                || with_bot(KIND, bot, |engine, _| Ok(engine.current_timestamp())),
            )
        }

        /// Handle of an instrument's book, or null.
        #[unsafe(export_name = concat!($prefix, "_depth"))]
        pub extern "C" fn depth(bot: Handle, asset: usize) -> *const c_void {
            call(
                |_| null(),
                || {
                    with_asset(KIND, bot, asset, |_, parts| {
                        Ok(parts.of(HandleKind::Depth, asset as u16).pack())
                    })
                },
            )
        }

        /// Trades since they were last cleared, valid until the next call that handles events;
        /// null on an error.
        ///
        /// # Safety
        /// See the module.
        #[unsafe(export_name = concat!($prefix, "_last_trades"))]
        pub unsafe extern "C" fn last_trades(
            bot: Handle,
            asset: usize,
            len: *mut usize,
        ) -> *const Event {
            call(
                |_| null(),
                || {
                    with_asset(KIND, bot, asset, |engine, _| {
                        let trades = engine.last_trades(asset);
                        // SAFETY: promised by the caller.
                        unsafe { write(len, "len", trades.len())? };
                        Ok(trades.as_ptr())
                    })
                },
            )
        }

        /// Number of instruments; 0 on an error.
        #[unsafe(export_name = concat!($prefix, "_num_assets"))]
        pub extern "C" fn num_assets(bot: Handle) -> usize {
            call(
                |_| 0,
                || with_bot(KIND, bot, |engine, _| Ok(engine.num_assets())),
            )
        }

        /// Signed position; NaN on an error.
        #[unsafe(export_name = concat!($prefix, "_position"))]
        pub extern "C" fn position(bot: Handle, asset: usize) -> f64 {
            call(
                |_| f64::NAN,
                || {
                    with_asset(KIND, bot, asset, |engine, _| {
                        Ok(engine.state_values(asset).position)
                    })
                },
            )
        }

        /// Upstream's StateValues, valid until the bot is closed; null on an error.
        #[unsafe(export_name = concat!($prefix, "_state_values"))]
        pub extern "C" fn state_values(bot: Handle, asset: usize) -> *const StateValues {
            call(
                |_| null(),
                || {
                    with_asset(KIND, bot, asset, |engine, _| {
                        Ok(std::ptr::from_ref(engine.state_values(asset)))
                    })
                },
            )
        }

        /// Handle of an instrument's orders, or null.
        #[unsafe(export_name = concat!($prefix, "_orders"))]
        pub extern "C" fn orders(bot: Handle, asset: usize) -> *const c_void {
            call(
                |_| null(),
                || {
                    with_asset(KIND, bot, asset, |_, parts| {
                        Ok(parts.of(HandleKind::Orders, asset as u16).pack())
                    })
                },
            )
        }

        /// Sends a buy order; code.
        #[unsafe(export_name = concat!($prefix, "_submit_buy_order"))]
        pub extern "C" fn submit_buy_order(
            bot: Handle,
            asset: usize,
            order_id: u64,
            price: f64,
            qty: f64,
            time_in_force: u8,
            order_type: u8,
            wait: u8,
        ) -> i64 {
            let side = Side::Buy;
            let raw = RawOrder {
                order_id,
                price,
                qty,
                time_in_force,
                order_type,
                side,
            };
            submit(KIND, bot, asset, raw, wait != 0)
        }

        /// Sends a sell order; code.
        #[unsafe(export_name = concat!($prefix, "_submit_sell_order"))]
        pub extern "C" fn submit_sell_order(
            bot: Handle,
            asset: usize,
            order_id: u64,
            price: f64,
            qty: f64,
            time_in_force: u8,
            order_type: u8,
            wait: u8,
        ) -> i64 {
            let side = Side::Sell;
            let raw = RawOrder {
                order_id,
                price,
                qty,
                time_in_force,
                order_type,
                side,
            };
            submit(KIND, bot, asset, raw, wait != 0)
        }

        /// Asks to cancel an order; code.
        #[unsafe(export_name = concat!($prefix, "_cancel"))]
        pub extern "C" fn cancel(bot: Handle, asset: usize, order_id: u64, wait: u8) -> i64 {
            requests::cancel(KIND, bot, asset, order_id, wait != 0)
        }

        /// Forgets trades of one instrument, or of all for `usize::MAX`.
        #[unsafe(export_name = concat!($prefix, "_clear_last_trades"))]
        pub extern "C" fn clear_last_trades(bot: Handle, asset: usize) {
            call(
                |_| (),
                || {
                    with_bot(KIND, bot, |engine, _| {
                        let asset = one_or_all(engine, asset)?;
                        engine.clear_last_trades(asset);
                        Ok(())
                    })
                },
            );
        }

        /// Forgets orders that cannot trade, of one instrument, or of all for `usize::MAX`.
        #[unsafe(export_name = concat!($prefix, "_clear_inactive_orders"))]
        pub extern "C" fn clear_inactive_orders(bot: Handle, asset: usize) {
            call(
                |_| (),
                || {
                    with_bot(KIND, bot, |engine, _| {
                        let asset = one_or_all(engine, asset)?;
                        engine.clear_inactive_orders(asset);
                        Ok(())
                    })
                },
            );
        }

        /// Handles events until an order's response comes or `timeout` ns have passed; code.
        #[unsafe(export_name = concat!($prefix, "_wait_order_response"))]
        pub extern "C" fn wait_order_response(
            bot: Handle,
            asset: usize,
            order_id: u64,
            timeout: i64,
        ) -> i64 {
            call(code, || {
                with_asset(KIND, bot, asset, |engine, _| {
                    check_time("timeout", timeout)?;
                    let result = engine.wait_order_response(asset, order_id, timeout);
                    elapsed("wait for an order response", result)
                })
            })
        }

        /// Handles events until a market event, or if asked an order response, comes or `timeout`
        /// ns have passed; code.
        #[unsafe(export_name = concat!($prefix, "_wait_next_feed"))]
        pub extern "C" fn wait_next_feed(bot: Handle, include_order_resp: u8, timeout: i64) -> i64 {
            call(code, || {
                with_bot(KIND, bot, |engine, _| {
                    check_time("timeout", timeout)?;
                    let result = engine.wait_next_feed(include_order_resp != 0, timeout);
                    elapsed("wait for the next feed", result)
                })
            })
        }

        /// Handles events for `duration` ns; code.
        #[unsafe(export_name = concat!($prefix, "_elapse"))]
        pub extern "C" fn elapse(bot: Handle, duration: i64) -> i64 {
            call(code, || {
                with_bot(KIND, bot, |engine, _| {
                    check_time("duration", duration)?;
                    elapsed("elapse", engine.elapse(duration))
                })
            })
        }

        /// Does nothing when live; code.
        #[unsafe(export_name = concat!($prefix, "_elapse_bt"))]
        pub extern "C" fn elapse_bt(bot: Handle, duration: i64) -> i64 {
            call(code, || {
                with_bot(KIND, bot, |engine, _| {
                    elapsed("elapse", engine.elapse_bt(duration))
                })
            })
        }

        /// Ends the bot; code. Its handles are unknown from here on.
        #[unsafe(export_name = concat!($prefix, "_close"))]
        pub extern "C" fn close(bot: Handle) -> i64 {
            call(code, || {
                handle::remove(bot, |engine| check_kind(engine, KIND)).map(|()| 0)
            })
        }

        /// Times of the last market event; false before the first and on an error.
        ///
        /// # Safety
        /// See the module.
        #[unsafe(export_name = concat!($prefix, "_feed_latency"))]
        pub unsafe extern "C" fn feed_latency(
            bot: Handle,
            asset: usize,
            exch_ts: *mut i64,
            local_ts: *mut i64,
        ) -> bool {
            call(
                |_| false,
                || {
                    with_asset(KIND, bot, asset, |engine, _| {
                        let latency = engine.core().borrow().feed_latency(asset);
                        let (exch, local) = latency.unwrap_or_default();
                        // SAFETY: promised by the caller.
                        unsafe {
                            write(exch_ts, "exch_ts", exch)?;
                            write(local_ts, "local_ts", local)?;
                        }
                        Ok(latency.is_some())
                    })
                },
            )
        }

        /// Times of the last order response; false before the first and on an error.
        ///
        /// # Safety
        /// See the module.
        #[unsafe(export_name = concat!($prefix, "_order_latency"))]
        pub unsafe extern "C" fn order_latency(
            bot: Handle,
            asset: usize,
            req_ts: *mut i64,
            exch_ts: *mut i64,
            resp_ts: *mut i64,
        ) -> bool {
            call(
                |_| false,
                || {
                    with_asset(KIND, bot, asset, |engine, _| {
                        let latency = engine.core().borrow().order_latency(asset);
                        let (req, exch, resp) = latency.unwrap_or_default();
                        // SAFETY: promised by the caller.
                        unsafe {
                            write(req_ts, "req_ts", req)?;
                            write(exch_ts, "exch_ts", exch)?;
                            write(resp_ts, "resp_ts", resp)?;
                        }
                        Ok(latency.is_some())
                    })
                },
            )
        }
    };
}

/// Functions on bots with a hash map book.
pub mod hashmap {
    live_exports!("hashmaplive", DepthKind::HashMap);
}

/// Functions on bots with a ROI vector book.
pub mod roivec {
    live_exports!("roiveclive", DepthKind::RoiVec);
}
