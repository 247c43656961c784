//! Orders and waits, the same for both families.

use hftbacktest::live::BotError;
use hftbacktest::types::{ElapseResult, Side};

use super::lookup::with_asset;
use super::{call, code};
use crate::bot::OrderRequest;
use crate::config::DepthKind;
use crate::error::{Code, Failure};
use crate::handle::Handle;
use crate::order_check::check_order;

/// Refuses a negative time.
pub fn check_time(name: &str, ns: i64) -> Result<(), Failure> {
    if ns >= 0 {
        return Ok(());
    }
    Err(Failure::argument(format!(
        "Cannot wait: {name} = {ns}, expected nanoseconds of at least 0"
    )))
}

/// Code of what ended a wait.
pub fn elapsed(action: &str, result: Result<ElapseResult, BotError>) -> Result<i64, Failure> {
    match result {
        Ok(ElapseResult::Ok) => Ok(0),
        Ok(ElapseResult::EndOfData) => Ok(1),
        Ok(ElapseResult::MarketFeed) => Ok(2),
        Ok(ElapseResult::OrderResponse) => Ok(3),
        Err(error) => Err(Failure::from_bot(action, error)),
    }
}

/// An order as C passes it.
pub struct RawOrder {
    /// Unique id.
    pub order_id: u64,
    /// Limit price.
    pub price: f64,
    /// Quantity.
    pub qty: f64,
    /// Upstream's code of how long it stays.
    pub time_in_force: u8,
    /// Upstream's code of limit or market.
    pub order_type: u8,
    /// Buy or sell.
    pub side: Side,
}

/// Checks and sends an order; code.
pub fn submit(kind: DepthKind, bot: Handle, asset: usize, raw: RawOrder, wait: bool) -> i64 {
    call(code, || {
        with_asset(kind, bot, asset, |engine, _| {
            let grid = engine.core().borrow().grid(asset);
            let (time_in_force, order_type) =
                check_order(grid, raw.price, raw.qty, raw.time_in_force, raw.order_type)?;
            if engine.orders(asset).contains_key(&raw.order_id) {
                return Err(Failure::new(
                    Code::OrderIdExists,
                    format!("Cannot submit order: order id {} is in use", raw.order_id),
                ));
            }
            engine.core().borrow_mut().check_reachable(asset, false)?;
            let order = OrderRequest {
                order_id: raw.order_id,
                side: raw.side,
                price: raw.price,
                qty: raw.qty,
                time_in_force,
                order_type,
            };
            elapsed("submit order", engine.submit(asset, order, wait))
        })
    })
}

/// Asks to cancel an order; code.
pub fn cancel(kind: DepthKind, bot: Handle, asset: usize, order_id: u64, wait: bool) -> i64 {
    call(code, || {
        with_asset(kind, bot, asset, |engine, _| {
            let action = format!("cancel order {order_id}");
            match engine.orders(asset).get(&order_id) {
                None => Err(Failure::from_bot(&action, BotError::OrderNotFound)),
                Some(order) if !order.cancellable() => {
                    Err(Failure::from_bot(&action, BotError::InvalidOrderStatus))
                }
                Some(_) => {
                    engine.core().borrow_mut().check_reachable(asset, true)?;
                    elapsed(&action, engine.cancel(asset, order_id, wait))
                }
            }
        })
    })
}
