//! Books and trades follow the feed.

use std::ptr::null_mut;

use hftbacktest::live::ipc::TO_ALL;
use hftbacktest::types::*;
use hftlive::ffi::depth::hashmap as depth;
use hftlive::ffi::live::hashmap as live;
use hftlive::ffi::live::roivec as roi_live;
use hftlive::record::{NO_ASSET, kind};

use crate::common::*;

#[test]
fn the_book_follows_the_feed() {
    let (connector, bot, _) = session("book", &["aaa"], "");
    connector.send(TO_ALL, LiveEvent::BatchStart);
    connector.feed("aaa", event(BID, 100.0, 1.0));
    connector.feed("aaa", event(BID, 99.0, 2.0));
    connector.feed("aaa", event(ASK, 101.0, 3.0));
    connector.send(TO_ALL, LiveEvent::BatchEnd);
    // Of another symbol: not ours. The fused book deletes without the local flag.
    connector.feed("zzz", event(BID, 100.5, 1.0));
    connector.feed(
        "aaa",
        event(EXCH_EVENT | BUY_EVENT | DEPTH_EVENT, 100.0, 0.0),
    );
    let records = bot.drain();
    assert_eq!(
        kinds(&records),
        [
            kind::BATCH_START,
            kind::DEPTH,
            kind::DEPTH,
            kind::DEPTH,
            kind::BATCH_END,
            kind::DEPTH
        ]
    );
    assert_eq!((records[0].asset, records[0].detail), (NO_ASSET, 0));
    assert_eq!(
        records[5].ev,
        (EXCH_EVENT | BUY_EVENT | DEPTH_EVENT) as u32,
        "as it came"
    );
    assert_eq!(book(&bot, 0), [(true, 99.0, 2.0), (false, 101.0, 3.0)]);

    let status = bot.connection(0);
    assert_eq!(status.received, 4);
    assert!((now() - status.last_feed_timestamp).abs() < 60_000_000_000);
    let (mut exch, mut local) = (0, 0);
    assert!(unsafe { live::feed_latency(bot.0, 0, &raw mut exch, &raw mut local) });
    assert_eq!((exch, local), (records[5].exch_ts, records[5].local_ts));

    // One side cleared down to a price, then all.
    connector.feed("aaa", event(BID, 98.0, 5.0));
    connector.feed("aaa", event(LOCAL_BID_DEPTH_CLEAR_EVENT, 98.5, 0.0));
    bot.drain();
    assert_eq!(book(&bot, 0), [(true, 98.0, 5.0), (false, 101.0, 3.0)]);
    connector.feed("aaa", event(LOCAL_DEPTH_CLEAR_EVENT, f64::NAN, 0.0));
    let records = bot.drain();
    assert_eq!(kinds(&records), [kind::DEPTH_CLEAR]);
    assert!(book(&bot, 0).is_empty());
    assert!(depth::best_bid(live::depth(bot.0, 0)).is_nan());
    assert_eq!(depth::best_bid_tick(live::depth(bot.0, 0)), i64::MIN);
    assert_eq!(depth::best_ask_tick(live::depth(bot.0, 0)), i64::MAX);
}

#[test]
fn a_book_of_far_apart_levels_does_not_hang() {
    let (connector, bot, _) = session("far", &["aaa"], "");
    for round in 0..20 {
        let far = 100_000_000.0 - f64::from(round);
        connector.feed("aaa", event(BID, 0.1, 1.0));
        connector.feed("aaa", event(BID, far, 1.0));
        connector.feed("aaa", event(BID, far, 0.0));
        connector.feed("aaa", event(ASK, far + 10.0, 1.0));
        connector.feed("aaa", event(ASK, 0.3, 1.0));
        connector.feed("aaa", event(ASK, 0.3, 0.0));
        bot.drain();
        let handle = live::depth(bot.0, 0);
        assert_eq!(depth::best_bid_tick(handle), 1);
        assert!(close_to(depth::best_ask(handle), far + 10.0));
        connector.feed("aaa", event(ASK, far + 10.0, 0.0));
        // Crossing far below and far above.
        connector.feed("aaa", event(BID, far, 2.0));
        connector.feed("aaa", event(ASK, 10.0, 2.0));
        bot.drain();
        assert_eq!(
            (depth::best_bid_tick(handle), depth::best_ask_tick(handle)),
            (1, 100)
        );
        connector.feed("aaa", event(BID, far, 0.0));
        connector.feed("aaa", event(ASK, 10.0, 0.0));
        bot.drain();
        assert_eq!(depth::best_ask_tick(handle), i64::MAX);
    }
}

#[test]
fn trades_are_delivered_and_kept_up_to_the_capacity() {
    let (connector, bot, _) = session("trades", &["aaa", "bbb"], "");
    for n in 1..=6 {
        let side = if n % 2 == 0 { BUY_TRADE } else { SELL_TRADE };
        connector.feed("aaa", event(side, 100.0, f64::from(n)));
    }
    connector.feed("aaa", event(TRADE_EVENT, 100.0, 9.0));
    let records = bot.drain();
    assert_eq!(kinds(&records), [kind::TRADE; 7]);
    let volume: f64 = records.iter().map(|r| r.qty).sum();
    assert_eq!(volume, 30.0);
    let kept = || {
        let mut len = 0;
        let trades = unsafe { live::last_trades(bot.0, 0, &raw mut len) };
        unsafe { std::slice::from_raw_parts(trades, len) }
            .iter()
            .map(|t| t.qty)
            .collect::<Vec<_>>()
    };
    assert_eq!(kept(), [1.0, 2.0, 3.0, 4.0]);
    live::clear_last_trades(bot.0, 1);
    assert_eq!(kept().len(), 4);
    live::clear_last_trades(bot.0, usize::MAX);
    assert!(kept().is_empty());
    connector.feed("aaa", event(BUY_TRADE, 100.0, 7.0));
    bot.drain();
    assert_eq!(kept(), [7.0]);
}

#[test]
fn a_roi_vector_bot_keeps_its_range() {
    let name = unique_name("roi");
    let connector = Connector::new(&name);
    let json = roivec_json(&name, &["aaa"], 90.0, 110.0);
    let bot = TestBot::new(&json);
    let (id, _) = eventually("registration", || connector.registration());
    connector.answer(
        id,
        "aaa",
        &[(BID_SNAPSHOT, 99.0, 1.0), (ASK_SNAPSHOT, 101.0, 2.0)],
    );
    connector.feed("aaa", event(BID, 50.0, 7.0));
    connector.feed("aaa", event(BID, 99.5, 0.0004));
    connector.feed("aaa", event(BID, 98.0, 3.0));
    bot.until(kind::CONNECTION, 2);
    use hftlive::ffi::depth::roivec as roi;
    let handle = roi_live::depth(bot.0, 0);
    assert_eq!(
        (
            roi::roivecdepth_roi_lb_tick(handle),
            roi::roivecdepth_roi_ub_tick(handle)
        ),
        (900, 1_100)
    );
    assert_eq!(roi::best_bid_tick(handle), 990);
    let mut len = 0;
    let bids = unsafe { roi::roivecdepth_bid_depth(handle, &raw mut len) };
    assert_eq!(len, 201);
    let bids = unsafe { std::slice::from_raw_parts(bids, len) };
    assert_eq!((bids[90], bids[80], bids[95]), (1.0, 3.0, 0.0));
    let events = unsafe { roi::snapshot(handle, &raw mut len) };
    let ticks: Vec<_> = unsafe { std::slice::from_raw_parts(events, len) }
        .iter()
        .map(|e| (e.px * 10.0).round() as i64)
        .collect();
    assert_eq!(ticks, [990, 980, 1_010]);
    roi::snapshot_free(events, len);
    assert!(depth::best_bid(handle).is_nan(), "the other family");
}

#[test]
fn snapshots_are_freed_once_and_only_ours() {
    let (connector, bot, _) = session("free", &["aaa"], "");
    connector.feed("aaa", event(BID, 100.0, 1.0));
    bot.drain();
    let mut len = 0;
    let events = unsafe { depth::snapshot(live::depth(bot.0, 0), &raw mut len) };
    depth::snapshot_free(events, len + 1);
    assert!(last_error().contains("len = 2, expected 1"));
    depth::snapshot_free(events, len);
    depth::snapshot_free(events, len);
    assert!(last_error().contains("not one of this thread's"));
    depth::snapshot_free(null_mut(), 0);
    assert!(unsafe { depth::snapshot(live::depth(bot.0, 0), null_mut()) }.is_null());
}
