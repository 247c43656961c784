//! Polls and waits, and what they deliver.

use hftbacktest::live::ipc::TO_ALL;
use hftbacktest::types::*;
use hftlive::ffi::live::hashmap as live;
use hftlive::record::{NO_ASSET, kind};

use crate::common::*;

#[test]
fn errors_come_with_their_texts() {
    let (connector, bot, _) = session("errors", &["aaa", "bbb"], "");
    let error = |kind, value| LiveEvent::Error(LiveError::with(kind, value));
    connector.send(
        TO_ALL,
        error(ErrorKind::OrderError, Value::String("no \"margin\"".into())),
    );
    connector.send(TO_ALL, error(ErrorKind::Custom(-7), Value::Empty));
    let polled = bot.poll(1);
    assert_eq!(
        (polled.records.len(), polled.more, polled.messages),
        (1, true, 1)
    );
    assert_eq!(
        (polled.records[0].kind(), polled.records[0].detail),
        (kind::ERROR, 2)
    );
    assert_eq!(bot.messages(), ["no \"margin\""]);
    let polled = bot.poll(8);
    assert_eq!((polled.records.len(), polled.more), (1, false));
    assert_eq!((polled.records[0].detail, polled.records[0].ival), (3, -7));
    assert_eq!(
        polled.records[0].order_id, 0,
        "index of its text in this batch"
    );
    assert_eq!(bot.messages(), [""]);
    bot.poll(8);
    assert!(bot.messages().is_empty());
}

#[test]
fn a_batch_of_one_loses_nothing() {
    let (connector, bot, id) = session("one", &["aaa"], "");
    connector.feed("aaa", event(BID, 1.0, 1.0));
    connector.answer(id, "aaa", &[(BID_SNAPSHOT, 2.0, 1.0)]);
    for n in 1..=20 {
        connector.feed("aaa", event(BUY_TRADE, 1.0, f64::from(n)));
    }
    let mut records = Vec::new();
    loop {
        let polled = bot.poll(1);
        assert!(polled.records.len() <= 1);
        records.extend(polled.records);
        if !polled.more {
            break;
        }
    }
    assert_eq!(
        kinds(&records[..6]),
        [
            kind::DEPTH,
            kind::BATCH_START,
            kind::DEPTH_CLEAR,
            kind::SNAPSHOT,
            kind::BATCH_END,
            kind::CONNECTION
        ]
    );
    let quantities: Vec<_> = records[6..].iter().map(|r| r.qty as i32).collect();
    assert_eq!(quantities, (1..=20).collect::<Vec<_>>());
    assert_eq!(bot.poll(0).records.len(), 0);
}

#[test]
fn waits_keep_what_they_handle_for_the_next_poll() {
    let (connector, bot, _) = session("waits", &["aaa"], r#""journalCapacity":4,"#);
    connector.feed("aaa", event(BID, 100.0, 1.0));
    assert_eq!(live::wait_next_feed(bot.0, 0, 10_000_000_000), 2);
    assert_eq!(live::wait_next_feed(bot.0, 1, 1_000), 0, "time passed");
    connector.send(
        TO_ALL,
        LiveEvent::Position {
            symbol: "aaa".into(),
            qty: 3.0,
            exch_ts: 0,
        },
    );
    for n in 0..10 {
        connector.feed("aaa", event(BUY_TRADE, 100.0, f64::from(n)));
    }
    assert_eq!(live::elapse(bot.0, 20_000_000), 0);
    let polled = bot.poll(100);
    assert!((now() - polled.timestamp).abs() < 60_000_000_000);
    let records = polled.records;
    assert_eq!(
        kinds(&records),
        [
            kind::OVERFLOW,
            kind::POSITION,
            kind::TRADE,
            kind::TRADE,
            kind::TRADE,
            kind::TRADE
        ]
    );
    assert_eq!(
        (records[0].detail, records[0].qty, records[0].asset),
        (1, 7.0, NO_ASSET)
    );
    assert_eq!(records[5].qty, 9.0);
    assert_eq!(bot.connection(0).dropped, 7);
    assert!(bot.drain().is_empty());

    assert_eq!(live::elapse(bot.0, 0), 0);
    assert_eq!(live::elapse_bt(bot.0, 5), 0);
    for negative in [-1, i64::MIN] {
        assert_eq!(live::elapse(bot.0, negative), 22);
        assert_eq!(live::wait_next_feed(bot.0, 1, negative), 22);
        assert_eq!(live::wait_order_response(bot.0, 0, 1, negative), 22);
    }
    connector.feed("aaa", event(BID, 100.0, 1.0));
    assert_eq!(live::wait_next_feed(bot.0, 0, i64::MAX), 2);
}

#[test]
fn a_batch_is_handled_as_a_whole() {
    let (connector, bot, _) = session("batch", &["aaa"], "");
    connector.send(TO_ALL, LiveEvent::BatchStart);
    connector.feed("aaa", event(BID, 100.0, 1.0));
    connector.feed("aaa", event(ASK, 101.0, 1.0));
    connector.send(TO_ALL, LiveEvent::BatchEnd);
    assert_eq!(
        live::wait_next_feed(bot.0, 0, 10_000_000_000),
        0,
        "as upstream"
    );
    assert_eq!(bot.drain().len(), 4);
}
