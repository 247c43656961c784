//! What upstream's bot may see: checks that refuse impossible events, and the changes that make
//! it keep its book right.

use hftbacktest::types::{BUY_EVENT, DEPTH_EVENT, Event, LOCAL_EVENT, Order, SELL_EVENT};

use crate::record::kind;

/// Prices beyond this many ticks are refused: a wrong tick size or a broken message.
const MAX_TICK: f64 = (1u64 << 31) as f64;
/// Ticks beyond this cannot be told apart as doubles.
const MAX_ORDER_TICK: u64 = 1 << 52;

/// Why an event was refused: a field and its value.
#[derive(Debug, PartialEq)]
pub struct Fault {
    field: &'static str,
    value: f64,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} = {} is impossible", self.field, self.value)
    }
}

fn fault(field: &'static str, value: f64) -> Result<(), Fault> {
    Err(Fault { field, value })
}

/// Checks a market event.
pub fn check_feed(event: &Event, tick_size: f64) -> Result<(), Fault> {
    if event.ev >> 32 != 0 {
        return fault("ev", event.ev as f64);
    }
    let sides = event.ev & (BUY_EVENT | SELL_EVENT);
    let both_sides = sides == BUY_EVENT | SELL_EVENT;
    match event.ev as u8 {
        kind::TRADE if !both_sides => {}
        kind::DEPTH_CLEAR if !both_sides => return Ok(()),
        kind::DEPTH | kind::SNAPSHOT | kind::BBO if sides != 0 && !both_sides => {}
        _ => return fault("ev", event.ev as f64),
    }
    let tick = event.px / tick_size;
    if !tick.is_finite() || tick.abs() > MAX_TICK {
        return fault("px", event.px);
    }
    if !(event.qty >= 0.0 && event.qty.is_finite()) {
        return fault("qty", event.qty);
    }
    Ok(())
}

/// Checks an order response.
pub fn check_order(order: &Order) -> Result<(), Fault> {
    if !(order.qty >= 0.0 && order.qty.is_finite()) {
        return fault("qty", order.qty);
    }
    // A connector that subtracts what was filled may arrive a little below zero.
    if !order.leaves_qty.is_finite() {
        return fault("leaves_qty", order.leaves_qty);
    }
    if !(order.exec_qty >= 0.0 && order.exec_qty.is_finite()) {
        return fault("exec_qty", order.exec_qty);
    }
    if !(order.tick_size > 0.0 && order.tick_size.is_finite()) {
        return fault("tick_size", order.tick_size);
    }
    for (field, tick) in [
        ("price_tick", order.price_tick),
        ("exec_price_tick", order.exec_price_tick),
    ] {
        if tick.unsigned_abs() > MAX_ORDER_TICK {
            return fault(field, tick as f64);
        }
    }
    Ok(())
}

/// Checks a position.
pub fn check_position(qty: f64) -> Result<(), Fault> {
    if qty.is_finite() {
        Ok(())
    } else {
        fault("position", qty)
    }
}

/// Makes a level of the book one that upstream's bot applies: it skips snapshot events, and
/// deletions that the connector's fused book sends without the local flag.
pub fn apply_to_book(event: &mut Event) {
    event.ev = (event.ev & !0xff) | DEPTH_EVENT | LOCAL_EVENT;
}

/// Makes a trade one that upstream's bot keeps, or, as it would keep any number, one that it skips.
pub fn keep_trade(event: &mut Event, keep: bool) {
    if keep {
        event.ev |= LOCAL_EVENT;
    } else {
        event.ev &= !LOCAL_EVENT;
    }
}

#[cfg(test)]
mod tests {
    use hftbacktest::types::{
        DEPTH_SNAPSHOT_EVENT, EXCH_EVENT, LOCAL_ASK_DEPTH_EVENT, LOCAL_BUY_TRADE_EVENT, OrdType,
        Side, TimeInForce,
    };

    use super::*;

    fn event(ev: u64, px: f64, qty: f64) -> Event {
        Event {
            ev,
            exch_ts: 1,
            local_ts: 2,
            px,
            qty,
            order_id: 0,
            ival: 0,
            fval: 0.0,
        }
    }

    #[test]
    fn accepts_what_an_exchange_can_send() {
        for ev in [
            LOCAL_ASK_DEPTH_EVENT,
            BUY_EVENT | DEPTH_SNAPSHOT_EVENT,
            LOCAL_BUY_TRADE_EVENT | EXCH_EVENT,
            u64::from(kind::TRADE),
            u64::from(kind::DEPTH_CLEAR),
            BUY_EVENT | u64::from(kind::BBO),
        ] {
            assert_eq!(check_feed(&event(ev, 100.0, 0.0), 0.1), Ok(()), "{ev:x}");
            assert_eq!(check_feed(&event(ev, -37.63, 1.0), 0.01), Ok(()), "{ev:x}");
        }
    }

    #[test]
    fn refuses_the_impossible() {
        let depth = LOCAL_ASK_DEPTH_EVENT;
        for (ev, px, qty) in [
            (depth, f64::NAN, 1.0),
            (depth, f64::INFINITY, 1.0),
            (depth, 1e12, 1.0),
            (depth, 1.0, f64::NAN),
            (depth, 1.0, -1.0),
            (depth, 1.0, f64::INFINITY),
            (depth | BUY_EVENT, 1.0, 1.0),
            (LOCAL_EVENT | DEPTH_EVENT, 1.0, 1.0),
            (depth | 1 << 40, 1.0, 1.0),
            (LOCAL_EVENT | BUY_EVENT, 1.0, 1.0),
            (LOCAL_EVENT | BUY_EVENT | 13, 1.0, 1.0),
        ] {
            assert!(
                check_feed(&event(ev, px, qty), 0.1).is_err(),
                "{ev:x} {px} {qty}"
            );
        }
        let mut order = Order::new(1, 1, 0.1, 1.0, Side::Buy, OrdType::Limit, TimeInForce::GTC);
        assert_eq!(check_order(&order), Ok(()));
        order.leaves_qty = -1e-17;
        assert_eq!(check_order(&order), Ok(()));
        order.price_tick = i64::MAX;
        assert!(check_order(&order).is_err());
        order.price_tick = 1;
        order.tick_size = 0.0;
        assert!(check_order(&order).is_err());
        assert!(check_position(f64::NAN).is_err());
    }

    #[test]
    fn rewrites_for_upstream() {
        let mut snapshot = event(EXCH_EVENT | SELL_EVENT | DEPTH_SNAPSHOT_EVENT, 1.0, 1.0);
        apply_to_book(&mut snapshot);
        assert!(snapshot.is(LOCAL_ASK_DEPTH_EVENT));
        let mut trade = event(LOCAL_BUY_TRADE_EVENT, 1.0, 1.0);
        keep_trade(&mut trade, false);
        assert!(!trade.is(LOCAL_BUY_TRADE_EVENT));
        keep_trade(&mut trade, true);
        assert!(trade.is(LOCAL_BUY_TRADE_EVENT));
    }
}
