//! What a connector answers to a registration.

use hftbacktest::types::*;
use hftlive::ffi::depth::hashmap as depth;
use hftlive::ffi::hftlive::*;
use hftlive::ffi::live::hashmap as live;
use hftlive::ffi::orders::*;
use hftlive::record::kind;

use crate::common::*;

#[test]
fn an_answer_fills_book_position_and_orders() {
    let name = unique_name("answer");
    let bot = TestBot::new(&bot_json(&name, &["aaa", "bbb"]));
    assert!(bot.drain().is_empty(), "nobody is there");
    assert_eq!(bot.connection(0).attached, 0);

    let connector = Connector::new(&name);
    let records = bot.until(kind::CONNECTION, 1);
    assert_eq!(kinds(&records), [kind::CONNECTION; 2]);
    assert_eq!((records[0].asset, records[1].asset), (0, 1));
    assert_eq!(
        (bot.connection(0).attached, bot.connection(0).registered),
        (1, 0)
    );

    let (id, first) = eventually("registration", || connector.registration());
    let (same, second) = eventually("registration", || connector.registration());
    assert_eq!((first.as_str(), second.as_str(), same), ("aaa", "bbb", id));

    // An empty answer, then one with everything.
    connector.answer(id, "aaa", &[]);
    connector.send(id, LiveEvent::BatchStart);
    let mut order = Order::new(
        5,
        1_000,
        0.1,
        2.0,
        Side::Sell,
        OrdType::Limit,
        TimeInForce::GTX,
    );
    order.status = Status::New;
    order.exch_timestamp = 77;
    connector.send(
        id,
        LiveEvent::Order {
            symbol: "bbb".into(),
            order,
        },
    );
    connector.send(
        id,
        LiveEvent::Position {
            symbol: "bbb".into(),
            qty: -1.5,
            exch_ts: 78,
        },
    );
    let mut level = event(BID_SNAPSHOT, 99.9, 3.0);
    level.local_ts = 0;
    connector.feed_to(id, "bbb", level);
    connector.feed_to(id, "bbb", event(ASK_SNAPSHOT, 100.1, 4.0));
    connector.send(id, LiveEvent::BatchEnd);

    let records = bot.drain();
    assert_eq!(
        kinds(&records),
        [
            kind::BATCH_START,
            kind::BATCH_END,
            kind::CONNECTION,
            kind::BATCH_START,
            kind::ORDER,
            kind::POSITION,
            kind::SNAPSHOT,
            kind::SNAPSHOT,
            kind::BATCH_END,
            kind::CONNECTION,
        ]
    );
    assert!(records[..3].iter().all(|r| r.asset == 0));
    assert!(records[3..].iter().all(|r| r.asset == 1));
    assert_eq!((records[0].detail, records[8].detail), (1, 1), "answers");
    assert_eq!((records[2].detail, records[9].detail), (2, 2), "registered");
    assert_eq!(records[6].local_ts, 0, "as it came");

    assert!(book(&bot, 0).is_empty());
    assert_eq!(book(&bot, 1).len(), 2);
    let handle = live::depth(bot.0, 1);
    assert!(close_to(depth::best_bid(handle), 99.9));
    assert!(close_to(depth::best_ask(handle), 100.1));
    assert_eq!(depth::best_bid_tick(handle), 999);
    assert_eq!(depth::best_ask_qty(handle), 4.0);
    assert_eq!(depth::bid_qty_at_tick(handle, 999), 3.0);
    assert_eq!(
        (depth::tick_size(handle), depth::lot_size(handle)),
        (0.1, 0.001)
    );
    assert_eq!(live::position(bot.0, 1), -1.5);
    let orders = live::orders(bot.0, 1);
    assert_eq!(orders_len(orders), 1);
    assert!(orders_contains(orders, 5) && !orders_contains(orders, 6));
    let order = unsafe { &*orders_get(orders, 5) };
    assert_eq!(
        (order.order_id, order.price_tick, order.side),
        (5, 1_000, Side::Sell)
    );
    assert_eq!(
        (
            bot.connection(1).registered,
            bot.connection(1).last_feed_timestamp
        ),
        (1, 0)
    );
    let (mut exch, mut local) = (0, 0);
    let fed = unsafe { live::feed_latency(bot.0, 1, &raw mut exch, &raw mut local) };
    assert!(!fed, "an answer is no proof of a fresh feed");

    // Again: the book is emptied before the new one comes.
    assert_eq!(hftlive_register(bot.0, 1), 0);
    let (_, symbol) = eventually("registration", || connector.registration());
    connector.answer(id, &symbol, &[(BID_SNAPSHOT, 50.0, 1.0)]);
    let records = bot.drain();
    assert_eq!(
        kinds(&records),
        [
            kind::BATCH_START,
            kind::DEPTH_CLEAR,
            kind::SNAPSHOT,
            kind::BATCH_END,
            kind::CONNECTION
        ]
    );
    assert_eq!(book(&bot, 1), [(true, 50.0, 1.0)]);
}

#[test]
fn a_lost_answer_is_asked_for_again() {
    let name = unique_name("lost");
    let connector = Connector::new(&name);
    let bot = TestBot::new(&bot_json(&name, &["aaa"]));
    eventually("registration", || connector.registration());
    let (id, symbol) = eventually("second registration", || {
        bot.drain();
        connector.registration()
    });
    connector.answer(id, &symbol, &[]);
    bot.until(kind::CONNECTION, 2);
    assert_eq!(live::elapse(bot.0, 1_200_000_000), 0);
    assert!(
        connector.registration().is_none(),
        "answered: not asked again"
    );
}

#[test]
fn content_tells_whose_answer_it_is() {
    let name = unique_name("whose");
    let connector = Connector::new(&name);
    let bot = TestBot::new(&bot_json(&name, &["aaa", "bbb"]));
    let (id, _) = eventually("registration", || connector.registration());
    eventually("registration", || connector.registration());
    connector.answer(id, "bbb", &[(BID_SNAPSHOT, 100.0, 1.0)]);
    bot.until(kind::CONNECTION, 2);
    assert_eq!(
        (bot.connection(0).registered, bot.connection(1).registered),
        (0, 1)
    );
    let (_, symbol) = eventually("registration again", || {
        bot.drain();
        connector.registration()
    });
    assert_eq!(symbol, "aaa");
}
