//! Orders on their way to a connector and back.

use hftbacktest::live::ipc::TO_ALL;
use hftbacktest::types::*;
use hftlive::ffi::live::hashmap as live;
use hftlive::ffi::orders::*;
use hftlive::record::kind;

use crate::common::*;

#[test]
fn an_order_is_acknowledged_filled_and_cancelled() {
    let (connector, bot, _) = session("orders", &["aaa"], "");
    let orders = live::orders(bot.0, 0);
    assert_eq!(live::submit_buy_order(bot.0, 0, 1, 99.9, 0.5, 1, 0, 0), 0);
    assert_eq!(
        live::submit_sell_order(bot.0, 0, u64::MAX, 0.0, 0.002, 3, 1, 0),
        0
    );
    assert_eq!(live::submit_buy_order(bot.0, 0, 1, 99.9, 0.5, 1, 0, 0), 10);
    assert!(last_error().contains("order id 1 is in use"));
    assert_eq!(orders_len(orders), 2);

    let request = |expected: u64| match eventually("request", || connector.request()).1 {
        LiveRequest::Order { symbol, order } => {
            assert_eq!((symbol.as_str(), order.order_id), ("aaa", expected));
            order
        }
        other => panic!("{other:?}"),
    };
    let mut order = request(1);
    assert_eq!(order.price_tick, 999);
    assert_eq!((order.side, order.req), (Side::Buy, Status::New));
    assert_eq!(
        (order.time_in_force, order.order_type),
        (TimeInForce::GTX, OrdType::Limit)
    );
    let market = request(u64::MAX);
    assert_eq!(
        (market.side, market.order_type),
        (Side::Sell, OrdType::Market)
    );

    // Not yet acknowledged: it cannot be cancelled.
    assert_eq!(live::cancel(bot.0, 0, 1, 0), 14);
    order.req = Status::None;
    order.exch_timestamp = 1_000;
    connector.order("aaa", &order);
    let records = bot.drain();
    assert_eq!(kinds(&records), [kind::ORDER]);
    let record = records[0];
    assert_eq!((record.order_id, record.detail, record.request), (1, 1, 0));
    assert_eq!(record.ev & BUY_EVENT as u32, BUY_EVENT as u32);
    assert_eq!((record.ev >> 8) & 0xff, 1, "GTX");
    assert!(close_to(record.price, 99.9) && record.qty == 0.5);
    assert_eq!(f64::from_bits(record.ival as u64), 0.5, "leaves");

    order.status = Status::PartiallyFilled;
    order.exec_qty = 0.2;
    order.leaves_qty = 0.3;
    order.exec_price_tick = 998;
    order.maker = true;
    order.exch_timestamp = 2_000;
    connector.order("aaa", &order);
    connector.send(
        TO_ALL,
        LiveEvent::Position {
            symbol: "aaa".into(),
            qty: 0.2,
            exch_ts: 2_000,
        },
    );
    let records = bot.drain();
    assert_eq!(kinds(&records), [kind::ORDER, kind::POSITION]);
    assert!(
        close_to(f64::from_bits(records[0].local_ts as u64), 99.8),
        "exec price"
    );
    assert_eq!(
        (records[0].fval, records[0].ev >> 16 & 0xff),
        (0.2, 0x80),
        "maker, limit"
    );
    assert_eq!(live::position(bot.0, 0), 0.2);

    assert_eq!(live::cancel(bot.0, 0, 1, 0), 0);
    assert_eq!(live::cancel(bot.0, 0, 1, 0), 14, "already asked");
    assert_eq!(live::cancel(bot.0, 0, 2, 0), 12);
    let mut cancel = request(1);
    assert_eq!(cancel.req, Status::Canceled);
    cancel.status = Status::Canceled;
    cancel.req = Status::None;
    cancel.exch_timestamp = 3_000;
    connector.order("aaa", &cancel);
    assert_eq!(live::wait_order_response(bot.0, 0, 1, 10_000_000_000), 3);
    let (mut req, mut exch, mut resp) = (0, 0, 0);
    let known =
        unsafe { live::order_latency(bot.0, 0, &raw mut req, &raw mut exch, &raw mut resp) };
    assert!(known && req > 0 && exch == 3_000 && resp >= req);
    let records = bot.drain();
    assert_eq!((kinds(&records), records[0].detail), (vec![kind::ORDER], 4));

    // An older update of a final order changes nothing (and prints nothing).
    order.exch_timestamp = 1_500;
    connector.order("aaa", &order);
    bot.drain();
    assert_eq!(unsafe { &*orders_get(orders, 1) }.status, Status::Canceled);
    live::clear_inactive_orders(bot.0, 0);
    assert!(orders_get(orders, 1).is_null());
    assert_eq!(orders_len(orders), 1);

    let walk = orders_values(orders);
    let found = unsafe { &*orders_values_next(walk) };
    assert_eq!(found.order_id, u64::MAX);
    assert!(orders_values_next(walk).is_null());
}

#[test]
fn bad_orders_are_refused_before_they_leave() {
    let (connector, bot, _) = session("refuse", &["aaa"], "");
    let submit = |asset, price, qty, tif, kind| {
        live::submit_buy_order(bot.0, asset, 1, price, qty, tif, kind, 0)
    };
    assert_eq!(submit(1, 100.0, 1.0, 0, 0), 16);
    assert_eq!(submit(usize::MAX, 100.0, 1.0, 0, 0), 16);
    for (price, qty, tif, kind) in [
        (f64::NAN, 1.0, 0, 0),
        (-1.0, 1.0, 0, 0),
        (100.05, 1.0, 0, 0),
        (100.0, f64::NAN, 0, 0),
        (100.0, -1.0, 0, 0),
        (100.0, 0.0, 0, 0),
        (100.0, 1.0, 4, 0),
        (100.0, 1.0, 0, 255),
    ] {
        assert_eq!(
            submit(0, price, qty, tif, kind),
            13,
            "{price} {qty} {tif} {kind}"
        );
    }
    assert!(last_error().contains("order_type = 255"));
    assert!(connector.request().is_none());
    assert_eq!(orders_len(live::orders(bot.0, 0)), 0);
}

#[test]
fn an_order_to_nobody_is_an_error() {
    let name = unique_name("nobody");
    let bot = TestBot::new(&bot_json(&name, &["aaa"]));
    assert_eq!(live::submit_buy_order(bot.0, 0, 1, 100.0, 1.0, 0, 0, 0), 19);
    assert!(last_error().contains(&name), "{}", last_error());
    assert_eq!(
        orders_len(live::orders(bot.0, 0)),
        0,
        "it may be sent again"
    );
}
