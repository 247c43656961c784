//! `orders_*`: upstream's names for the orders that a bot remembers.

use std::ffi::c_void;
use std::mem::offset_of;
use std::ptr::{null, null_mut};

use hftbacktest::types::Order;

use super::call;
use super::lookup::check_asset;
use crate::error::Failure;
use crate::handle::{self, Handle, HandleKind, Parts};

// C reads an Order in place, by these offsets.
const _: () = {
    assert!(offset_of!(Order, qty) == 0);
    assert!(offset_of!(Order, leaves_qty) == 8);
    assert!(offset_of!(Order, exec_qty) == 16);
    assert!(offset_of!(Order, exec_price_tick) == 24);
    assert!(offset_of!(Order, price_tick) == 32);
    assert!(offset_of!(Order, tick_size) == 40);
    assert!(offset_of!(Order, exch_timestamp) == 48);
    assert!(offset_of!(Order, local_timestamp) == 56);
    assert!(offset_of!(Order, order_id) == 64);
    assert!(offset_of!(Order, maker) == 88);
    assert!(offset_of!(Order, order_type) == 89);
    assert!(offset_of!(Order, req) == 90);
    assert!(offset_of!(Order, status) == 91);
    assert!(offset_of!(Order, side) == 92);
    assert!(offset_of!(Order, time_in_force) == 93);
};

type Orders = std::collections::HashMap<u64, Order>;

fn with_orders<T>(
    orders: Handle,
    body: impl FnOnce(&Orders, Parts) -> Result<T, Failure>,
) -> Result<T, Failure> {
    handle::with(orders, HandleKind::Orders, |engine, parts| {
        let asset = usize::from(parts.asset);
        check_asset(engine, asset)?;
        body(engine.orders(asset), parts)
    })
}

fn pointer_to(orders: &Orders, order_id: u64) -> *const Order {
    orders.get(&order_id).map_or(null(), std::ptr::from_ref)
}

/// One order, valid until the next call that handles events, sends or forgets orders; null if
/// it is not known and on an error.
#[unsafe(no_mangle)]
pub extern "C" fn orders_get(orders: Handle, order_id: u64) -> *const Order {
    call(
        |_| null(),
        || with_orders(orders, |orders, _| Ok(pointer_to(orders, order_id))),
    )
}

/// Whether an order is known; false on an error.
#[unsafe(no_mangle)]
pub extern "C" fn orders_contains(orders: Handle, order_id: u64) -> bool {
    call(
        |_| false,
        || with_orders(orders, |orders, _| Ok(orders.contains_key(&order_id))),
    )
}

/// How many orders are known; 0 on an error.
#[unsafe(no_mangle)]
pub extern "C" fn orders_len(orders: Handle) -> usize {
    call(|_| 0, || with_orders(orders, |orders, _| Ok(orders.len())))
}

/// Begins a walk over the orders; null on an error. It ends when `orders_values_next` returns
/// null, or with the bot.
#[unsafe(no_mangle)]
pub extern "C" fn orders_values(orders: Handle) -> *mut c_void {
    call(
        |_| null_mut(),
        || {
            let (ids, parts) = with_orders(orders, |orders, parts| {
                Ok((orders.keys().copied().collect(), parts))
            })?;
            Ok(handle::begin_walk(parts, ids)?.cast_mut())
        },
    )
}

/// The walk's next order, skipping those forgotten meanwhile; null at its end and on an error.
#[unsafe(no_mangle)]
pub extern "C" fn orders_values_next(walk: Handle) -> *const Order {
    call(
        |_| null(),
        || {
            while let Some((id, orders)) = handle::step_walk(walk)? {
                let order = with_orders(orders, |orders, _| Ok(pointer_to(orders, id)))?;
                if !order.is_null() {
                    return Ok(order);
                }
            }
            Ok(null())
        },
    )
}
