//! Message by message: what a registration, an order and the end of the market look like on the wire.

use std::time::Duration;

use crate::common::{Connector, Wire, cancellation, limit};
use hftbacktest::types::{
    DEPTH_SNAPSHOT_EVENT, ErrorKind, LiveEvent, OrdType, Order, Side, Status, TimeInForce,
};

const SYMBOL: &str = "btcusdt";
const TICK: f64 = 0.1;
const LOT: f64 = 0.001;

/// A book of 20 levels of 1 to 5 lots a side around 60,000, which then stays as it is.
const STILL: &str = "[source]\nkind = \"synthetic\"\nevents = 40\nrate = \"flat_out\"\n\
                     [[source.symbols]]\nname = \"btcusdt\"\nmax_lots = 5\n";

/// Best bid and best ask of that book, in ticks.
const BID: i64 = 600_000;
const ASK: i64 = 600_001;

fn connected(config: &str) -> (Connector, Wire) {
    let connector = Connector::start(config);
    let wire = Wire::connect(&connector.name, 7);
    wire.register(SYMBOL, TICK, LOT);
    wire.answer();
    (connector, wire)
}

fn still(more: &str) -> (Connector, Wire) {
    let (connector, wire) = connected(&format!("{STILL}{more}"));
    for _ in 0..40 {
        wire.feed();
    }
    assert!(matches!(wire.next().event, LiveEvent::BatchEnd));
    (connector, wire)
}

fn order(id: u64, side: Side, tick: i64, qty: f64, tif: TimeInForce) -> Order {
    limit(id, side, tick, TICK, qty, tif)
}

fn code(event: &LiveEvent) -> i64 {
    let LiveEvent::Error(error) = event else {
        panic!("no error: {event:?}");
    };
    assert_eq!(error.kind, ErrorKind::OrderError);
    error.value.get_map().unwrap()["code"].get_int().unwrap()
}

#[test]
fn a_depth_message_is_a_batch_to_all() {
    let (_connector, wire) = connected(STILL);
    let first = wire.next();
    assert_eq!(first.to, 0);
    assert!(matches!(first.event, LiveEvent::BatchStart));
    for _ in 0..40 {
        assert!(matches!(wire.next().event, LiveEvent::Feed { .. }));
    }
    assert!(matches!(wire.next().event, LiveEvent::BatchEnd));
}

#[test]
fn a_later_registration_is_answered_with_orders_position_and_book() {
    let (connector, wire) = still("[account.positions]\nbtcusdt = -0.25\n");
    wire.request(
        SYMBOL,
        order(1, Side::Buy, BID - 5, 0.002, TimeInForce::GTC),
    );
    assert_eq!(wire.report().status, Status::New);

    let second = Wire::connect(&connector.name, 8);
    second.register(SYMBOL, TICK, LOT);
    let answer = second.answer();
    assert!(matches!(&answer[0], LiveEvent::Order { order, .. }
        if order.order_id == 1 && order.status == Status::New && order.req == Status::None));
    assert!(matches!(&answer[1], LiveEvent::Position { qty, .. } if *qty == -0.25));
    let levels = answer[2..].iter().filter(
        |event| matches!(event, LiveEvent::Feed { event, .. } if event.is(DEPTH_SNAPSHOT_EVENT)),
    );
    assert_eq!(levels.count(), 40);
    assert_eq!(answer.len(), 42);
    // The first bot sees nothing of it, and its order stays.
    assert!(wire.quiet_for(Duration::from_millis(50)).is_empty());
    wire.request(
        SYMBOL,
        cancellation(order(1, Side::Buy, 0, 0.0, TimeInForce::GTC)),
    );
    assert_eq!(wire.report().status, Status::Canceled);
}

#[test]
fn an_answer_has_the_orders_on_their_way_to_the_exchange() {
    let (_connector, wire) = still("[orders]\norder_latency_us = 300_000\n");
    wire.request(
        SYMBOL,
        order(1, Side::Buy, BID - 5, 0.002, TimeInForce::GTC),
    );
    wire.register(SYMBOL, TICK, LOT);
    let answer = wire.answer();
    assert!(matches!(&answer[0], LiveEvent::Order { order, .. }
        if order.order_id == 1 && order.status == Status::New && order.req == Status::New));
    assert_eq!(wire.report().req, Status::None);
}

#[test]
fn orders_are_cancelled_on_registration_when_asked() {
    let (connector, wire) = still("[orders]\ncancel_orders_on_register = true\n");
    wire.request(
        SYMBOL,
        order(1, Side::Buy, BID - 5, 0.002, TimeInForce::GTC),
    );
    assert_eq!(wire.report().status, Status::New);
    let second = Wire::connect(&connector.name, 8);
    second.register(SYMBOL, TICK, LOT);
    assert!(matches!(&second.answer()[0], LiveEvent::Order { .. }));
    assert_eq!(wire.report().status, Status::Canceled);
}

#[test]
fn an_execution_is_followed_by_the_position() {
    let (_connector, wire) = still("");
    wire.request(SYMBOL, order(1, Side::Sell, BID, 0.001, TimeInForce::GTC));
    let mut time = 0;
    for expected in [Status::New, Status::Filled] {
        let LiveEvent::Order { order, symbol } = wire.next().event else {
            panic!("no order");
        };
        assert_eq!(symbol, SYMBOL);
        assert_eq!(order.status, expected);
        assert_eq!(order.req, Status::None);
        assert!(order.exch_timestamp > time);
        time = order.exch_timestamp;
        if expected == Status::Filled {
            assert_eq!((order.exec_qty, order.exec_price_tick), (0.001, BID));
            assert_eq!((order.leaves_qty, order.maker), (0.0, false));
        }
    }
    let LiveEvent::Position { qty, exch_ts, .. } = wire.next().event else {
        panic!("no position");
    };
    assert_eq!((qty, exch_ts), (-0.001, time));
}

#[test]
fn refusals_expire_the_order_and_tell_the_code() {
    let (_connector, wire) = still("");
    let mut market = order(9, Side::Buy, 0, f64::NAN, TimeInForce::GTC);
    market.order_type = OrdType::Market;
    for (order, expected) in [
        (order(1, Side::Buy, ASK, 0.001, TimeInForce::GTX), -5022),
        (order(2, Side::Buy, BID, 0.0, TimeInForce::GTC), -4003),
        (order(3, Side::Buy, BID, -1.0, TimeInForce::GTC), -4003),
        (order(4, Side::Buy, BID, 0.0015, TimeInForce::GTC), -1111),
        (order(5, Side::Buy, 0, 0.001, TimeInForce::GTC), -4001),
        (limit(6, Side::Buy, 3, 0.05, 0.001, TimeInForce::GTC), -4014),
        (order(7, Side::None, BID, 0.001, TimeInForce::GTC), -1117),
        (
            order(8, Side::Buy, BID, 0.001, TimeInForce::Unsupported),
            -1115,
        ),
        (market, -4003),
    ] {
        let id = order.order_id;
        wire.request(SYMBOL, order);
        let report = wire.report();
        assert_eq!(report.order_id, id);
        assert_eq!((report.status, report.req), (Status::Expired, Status::None));
        assert_eq!(code(&wire.next().event), expected, "order {id}");
    }
    wire.request("nothere", order(1, Side::Buy, BID, 0.001, TimeInForce::GTC));
    assert_eq!(wire.report().status, Status::Expired);
    assert_eq!(code(&wire.next().event), -1121);
}

#[test]
fn random_refusals_follow_their_rate() {
    let (_connector, wire) = still("[orders]\nreject_rate = 1.0\n");
    wire.request(SYMBOL, order(1, Side::Buy, BID, 0.001, TimeInForce::GTC));
    assert_eq!(wire.report().status, Status::Expired);
    assert_eq!(code(&wire.next().event), -2019);
}

#[test]
fn an_id_that_is_open_expires_the_second_order_only() {
    let (_connector, wire) = still("");
    wire.request(
        SYMBOL,
        order(1, Side::Buy, BID - 5, 0.002, TimeInForce::GTC),
    );
    assert_eq!(wire.report().status, Status::New);
    wire.request(
        SYMBOL,
        order(1, Side::Buy, BID - 6, 0.002, TimeInForce::GTC),
    );
    let report = wire.report();
    assert_eq!((report.status, report.req), (Status::Expired, Status::None));
    assert_eq!(report.price_tick, BID - 6);
    wire.request(
        SYMBOL,
        cancellation(order(1, Side::Buy, 0, 0.0, TimeInForce::GTC)),
    );
    let report = wire.report();
    assert_eq!(
        (report.status, report.price_tick),
        (Status::Canceled, BID - 5)
    );
}

#[test]
fn an_unknown_order_cannot_be_cancelled_and_nothing_is_sent() {
    let (_connector, wire) = still("");
    wire.request(
        SYMBOL,
        cancellation(order(5, Side::Buy, BID, 0.001, TimeInForce::GTC)),
    );
    assert!(wire.quiet_for(Duration::from_millis(50)).is_empty());
}

#[test]
fn a_cancellation_that_comes_too_late_is_an_unknown_order() {
    let (_connector, wire) = still("[orders]\norder_latency_us = 100000\n");
    let taker = order(1, Side::Buy, ASK, 0.001, TimeInForce::GTC);
    wire.request(SYMBOL, taker.clone());
    wire.request(SYMBOL, cancellation(taker));
    assert_eq!(wire.report().status, Status::New);
    assert_eq!(wire.report().status, Status::Filled);
    assert!(matches!(wire.next().event, LiveEvent::Position { .. }));
    assert_eq!(code(&wire.next().event), -2011);
}

#[test]
fn an_order_beyond_what_is_displayed_stays_partially_filled() {
    let (_connector, wire) = still("");
    wire.request(SYMBOL, order(1, Side::Buy, ASK, 0.1, TimeInForce::GTC));
    assert_eq!(wire.report().status, Status::New);
    assert_eq!(wire.report().status, Status::PartiallyFilled);
    wire.request(
        SYMBOL,
        cancellation(order(1, Side::Buy, 0, 0.0, TimeInForce::GTC)),
    );
    let report = wire.report();
    assert_eq!(report.status, Status::Canceled);
    assert!(report.leaves_qty > 0.0 && report.leaves_qty < 0.1);
}
