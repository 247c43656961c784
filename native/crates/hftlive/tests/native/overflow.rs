//! What happens when a bot reads too slowly: nothing is lost without a word, and the book is
//! right again in the end.

use crate::common::*;
use hftbacktest::types::*;
use hftlive::ffi::depth::hashmap as depth;
use hftlive::ffi::live::hashmap as live;
use hftlive::record::{Record, kind};

fn overflows(records: &[Record]) -> Vec<&Record> {
    records
        .iter()
        .filter(|r| r.kind() == kind::OVERFLOW)
        .collect()
}

#[test]
fn an_overflow_is_reported_and_repaired() {
    let (connector, bot, id) = session("flood", &["aaa", "bbb"], "");
    connector.feed("aaa", event(BID, 90.0, 1.0));
    assert!(overflows(&bot.drain()).is_empty());
    // The deletion of 90.0 is among the lost.
    connector.feed("aaa", event(BID, 90.0, 0.0));
    for n in 0..1_000 {
        connector.feed("bbb", event(BUY_TRADE, 100.0, f64::from(n)));
    }
    let records = bot.drain();
    let reports = overflows(&records);
    assert_eq!(reports.len(), 2, "one for each instrument");
    assert_eq!((reports[0].asset, reports[1].asset), (0, 1));
    assert!(reports.iter().all(|r| r.detail == 0 && r.qty.is_nan()));
    let status = bot.connection(0);
    assert_eq!(
        (status.overflows, status.registered, status.attached),
        (1, 0, 1)
    );
    assert_eq!(depth::best_bid_tick(live::depth(bot.0, 0)), 900, "stale");

    for _ in 0..2 {
        let (_, symbol) = eventually("registration", || {
            bot.drain();
            connector.registration()
        });
        let price = if symbol == "aaa" { 80.0 } else { 70.0 };
        connector.answer(id, &symbol, &[(BID_SNAPSHOT, price, 1.0)]);
    }
    let records = bot.until(kind::CONNECTION, 2);
    assert!(overflows(&records).is_empty());
    assert_eq!(depth::best_bid_tick(live::depth(bot.0, 0)), 800);
    let handle = live::depth(bot.0, 0);
    assert_eq!(depth::bid_qty_at_tick(handle, 900), 0.0);
    assert_eq!(
        (bot.connection(0).registered, bot.connection(1).registered),
        (1, 1)
    );
}

#[test]
fn a_queue_that_does_not_fill_is_no_overflow() {
    let (connector, bot, _) = session("fits", &["aaa"], "");
    let mut received = 0;
    for _ in 0..50 {
        for n in 0..BUFFER - 1 {
            connector.feed("aaa", event(BUY_TRADE, 100.0, n as f64));
        }
        // Never seen empty: a poll that stops early, more events, and so on.
        let polled = bot.poll(100);
        received += polled.records.len();
        assert!(polled.more);
        for _ in 0..50 {
            connector.feed("aaa", event(BUY_TRADE, 100.0, 1.0));
        }
        received += bot.drain().len();
    }
    assert_eq!(received, 50 * (BUFFER - 1 + 50));
    assert_eq!(bot.connection(0).overflows, 0);
}

#[test]
fn an_answer_without_its_start_is_an_overflow() {
    let (connector, bot, id) = session("headless", &["aaa"], "");
    connector.feed_to(id, "aaa", event(BID_SNAPSHOT, 90.0, 1.0));
    connector.feed_to(id, "aaa", event(BID_SNAPSHOT, 89.0, 1.0));
    connector.send(id, LiveEvent::BatchEnd);
    let records = bot.drain();
    assert_eq!(overflows(&records).len(), 1);
    assert_eq!(bot.connection(0).registered, 0);
    let (id, _) = eventually("registration", || {
        bot.drain();
        connector.registration()
    });
    connector.answer(id, "aaa", &[]);
    bot.until(kind::CONNECTION, 2);
}

#[test]
fn an_answer_larger_than_the_queue_does_not_loop() {
    let (connector, bot, id) = session("huge", &["aaa"], "");
    let levels: Vec<_> = (1..=2 * BUFFER)
        .map(|n| (BID_SNAPSHOT, n as f64, 1.0))
        .collect();
    let mut answers = 0;
    let start = std::time::Instant::now();
    while start.elapsed().as_millis() < 3_500 {
        if let Some((_, symbol)) = connector.registration() {
            answers += 1;
            connector.answer(id, &symbol, &levels);
        } else if answers == 0 {
            connector.answer(id, "aaa", &levels);
            answers = 1;
        }
        bot.drain();
    }
    assert!(answers <= 4, "{answers} in 3.5 s");
    assert!(bot.connection(0).overflows >= 1);
}

/// A publisher that now and then bursts, a reader that now and then sleeps: every gap in the
/// numbers comes with a report no later than the end of what was queued.
#[test]
fn no_gap_without_a_report() {
    let name = unique_name("gaps");
    let publisher_name = name.clone();
    let (ready, started) = std::sync::mpsc::channel();
    let publisher = std::thread::spawn(move || {
        let connector = Connector::new(&publisher_name);
        ready.send(()).unwrap();
        let mut seed = 7u64;
        let mut random = move |below: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (seed >> 33) % below
        };
        let mut number = 0u64;
        for _ in 0..300 {
            for _ in 0..random(400) {
                number += 1;
                let mut trade = event(BUY_TRADE, 100.0, 1.0);
                trade.order_id = number;
                connector.feed("aaa", trade);
            }
            std::thread::sleep(std::time::Duration::from_micros(random(3_000)));
        }
        number
    });
    started.recv().unwrap();
    let bot = TestBot::new(&bot_json(&name, &["aaa"]));
    let mut last = 0;
    let mut gaps_untold = 0;
    let (mut gaps, mut reports, mut turn) = (0, 0, 0u64);
    loop {
        let finished = publisher.is_finished();
        turn += 1;
        let polled = bot.poll(64);
        for record in &polled.records {
            match record.kind() {
                kind::OVERFLOW => {
                    reports += 1;
                    gaps_untold = 0;
                }
                kind::TRADE => {
                    if last != 0 && record.order_id != last + 1 {
                        gaps += 1;
                        gaps_untold += 1;
                    }
                    last = record.order_id;
                }
                _ => {}
            }
        }
        if !polled.more {
            assert_eq!(gaps_untold, 0, "after number {last}");
            if finished && polled.records.is_empty() {
                break;
            }
            if turn % 7 == 0 {
                std::thread::sleep(std::time::Duration::from_millis(5));
            }
        }
    }
    assert_eq!(publisher.join().unwrap(), last);
    assert!(gaps > 0 && reports > 0, "{gaps} gaps, {reports} reports");
    assert!(reports <= 3 * gaps, "{gaps} gaps, {reports} reports");
}
