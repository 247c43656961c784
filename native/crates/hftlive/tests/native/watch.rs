//! Waiting on another thread while the bot's own sleeps.

use std::ffi::c_void;
use std::ptr::null;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use hftlive::ffi::hftlive::*;
use hftlive::ffi::live::hashmap as live;
use hftlive::record::kind;

use crate::common::*;

const READABLE: i32 = 1;
const TIMED_OUT: i32 = 0;
const TAKEN_BACK: i32 = 2;
const MS: i64 = 1_000_000;
const LONG: i64 = 20_000 * MS;

/// Waits on a thread of its own.
fn wait(watch: *const c_void, sleep: i64, timeout: i64) -> JoinHandle<i32> {
    assert!(!watch.is_null(), "{}", last_error());
    let watch = watch as usize;
    std::thread::spawn(move || hftlive_watch_wait(watch as *const c_void, sleep, timeout))
}

/// Gives a thread the time to fall asleep; what is tested holds if it has not as well.
fn doze() {
    std::thread::sleep(Duration::from_millis(20));
}

#[test]
fn a_wait_ends_when_something_comes_or_time_has_passed() {
    let (connector, bot, _) = session("watch-data", &["aaa"], "");
    let start = Instant::now();
    let waiter = wait(hftlive_watch_begin(bot.0), MS, 30 * MS);
    assert_eq!(waiter.join().unwrap(), TIMED_OUT);
    assert!(start.elapsed() >= Duration::from_millis(30));

    let waiter = wait(hftlive_watch_begin(bot.0), MS, LONG);
    doze();
    connector.feed("aaa", event(BUY_TRADE, 100.0, 1.0));
    assert_eq!(waiter.join().unwrap(), READABLE);
    // It only looked.
    assert_eq!(kinds(&bot.drain()), [kind::TRADE]);

    // What waits already ends a wait at once, and as often as it is asked.
    connector.feed("aaa", event(BUY_TRADE, 101.0, 1.0));
    let watch = hftlive_watch_begin(bot.0);
    assert_eq!(hftlive_watch_wait(watch, LONG, LONG), READABLE);
    assert_eq!(wait(watch, LONG, LONG).join().unwrap(), READABLE);
    assert_eq!(kinds(&bot.drain()), [kind::TRADE]);
}

#[test]
fn every_connector_of_a_bot_is_watched() {
    let names = [unique_name("watch-a"), unique_name("watch-b")];
    let connectors: Vec<_> = names.iter().map(|name| Connector::new(name)).collect();
    let instrument = |name: &str| {
        format!(r#"{{"connector":"{name}","symbol":"aaa","tickSize":0.1,"lotSize":0.001}}"#)
    };
    let both = names.each_ref().map(|name| instrument(name)).join(",");
    let bot = TestBot::new(&format!(r#"{{"depth":"hashmap","instruments":[{both}]}}"#));
    bot.drain();
    for connector in &connectors {
        let waiter = wait(hftlive_watch_begin(bot.0), MS, LONG);
        connector.feed("aaa", event(BUY_TRADE, 100.0, 1.0));
        assert_eq!(waiter.join().unwrap(), READABLE);
        assert_eq!(kinds(&bot.drain()), [kind::TRADE]);
    }
}

#[test]
fn a_connector_that_comes_while_somebody_watches_is_read() {
    let name = unique_name("watch-attach");
    let bot = TestBot::new(&bot_json(&name, &["aaa"]));
    bot.drain();
    let waiter = wait(hftlive_watch_begin(bot.0), MS, LONG);
    doze();
    // Its connection is made by the thread that waits, and dropped by the bot's.
    let connector = Connector::new(&name);
    assert_eq!(waiter.join().unwrap(), READABLE);
    let mut seen = kinds(&bot.drain());
    while !seen.contains(&kind::CONNECTION) {
        // It is told of until it has been noticed.
        assert_eq!(
            hftlive_watch_wait(hftlive_watch_begin(bot.0), MS, LONG),
            READABLE
        );
        seen.extend(kinds(&bot.drain()));
    }
    let waiter = wait(hftlive_watch_begin(bot.0), MS, LONG);
    doze();
    connector.feed("aaa", event(BUY_TRADE, 100.0, 1.0));
    assert_eq!(waiter.join().unwrap(), READABLE);
    assert_eq!(kinds(&bot.drain()), [kind::TRADE]);

    let waiter = wait(hftlive_watch_begin(bot.0), MS, LONG);
    connector.feed("aaa", event(BUY_TRADE, 101.0, 1.0));
    drop(connector);
    assert_eq!(waiter.join().unwrap(), READABLE);
    // What it left is not lost, whoever noticed first that it went.
    bot.until(kind::TRADE, 0);
}

#[test]
fn the_bot_takes_back_what_it_lent() {
    let (_connector, bot, _) = session("watch-back", &["aaa"], "");
    let calls: [(&str, &dyn Fn()); 4] = [
        ("poll", &|| drop(bot.poll(16))),
        ("wait", &|| _ = live::wait_next_feed(bot.0, 0, 0)),
        ("elapse", &|| _ = live::elapse(bot.0, 1)),
        ("end", &|| assert_eq!(hftlive_watch_end(bot.0), 0)),
    ];
    for (name, take_back) in calls {
        let watch = hftlive_watch_begin(bot.0);
        // They would sleep for long: only being taken back can end them.
        let waiters = [wait(watch, LONG, LONG), wait(watch, LONG, LONG)];
        doze();
        take_back();
        for waiter in waiters {
            assert_eq!(waiter.join().unwrap(), TAKEN_BACK, "{name}");
        }
        assert_eq!(hftlive_watch_wait(watch, MS, LONG), TAKEN_BACK, "{name}");
    }
    assert_eq!(hftlive_watch_end(bot.0), 0, "nothing is lent");

    // A former loan is not taken for the one that runs.
    let former = hftlive_watch_begin(bot.0);
    let watch = hftlive_watch_begin(bot.0);
    assert_eq!(hftlive_watch_wait(former, MS, LONG), TAKEN_BACK);
    assert_eq!(hftlive_watch_wait(watch, MS, MS), TIMED_OUT);
}

#[test]
fn what_only_asks_or_sends_lends_on() {
    let (connector, bot, _) = session("watch-on", &["aaa"], "");
    let watch = hftlive_watch_begin(bot.0);
    bot.connection(0);
    assert_eq!(hftlive_register(bot.0, 0), 0);
    assert_eq!(live::submit_buy_order(bot.0, 0, 1, 1.0, 1.0, 0, 0, 0), 0);
    assert_eq!(hftlive_watch_wait(watch, MS, 5 * MS), TIMED_OUT);
    connector.feed("aaa", event(BUY_TRADE, 100.0, 1.0));
    assert_eq!(hftlive_watch_wait(watch, MS, LONG), READABLE);
}

#[test]
fn a_bot_can_be_closed_under_a_wait() {
    for _ in 0..20 {
        let (_connector, bot, _) = session("watch-close", &["aaa"], "");
        let watch = hftlive_watch_begin(bot.0);
        let waiter = wait(watch, LONG, LONG);
        assert_eq!(live::close(bot.0), 0);
        // Closed before it began to wait, or after.
        assert!([TAKEN_BACK, -20].contains(&waiter.join().unwrap()));
        assert_eq!(hftlive_watch_wait(watch, MS, LONG), -20);
        assert!(last_error().contains("closed or unknown"));
    }

    // The thread that made it ends without closing it.
    let name = unique_name("watch-thread");
    let _connector = Connector::new(&name);
    let owner = std::thread::spawn(move || {
        let bot = bot_new(&bot_json(&name, &["aaa"])).unwrap();
        let waiter = wait(hftlive_watch_begin(bot), LONG, LONG);
        doze();
        waiter
    });
    // The bot's registration may be answered by nobody, so nothing is readable.
    assert_eq!(owner.join().unwrap().join().unwrap(), TAKEN_BACK);
}

#[test]
fn a_watch_refuses_what_is_none() {
    let (_connector, bot, _) = session("watch-refuse", &["aaa"], "");
    assert!(hftlive_watch_begin(null()).is_null());
    assert_eq!(hftlive_watch_end(null()), 20);
    let depth = live::depth(bot.0, 0);
    assert!(hftlive_watch_begin(depth).is_null(), "a book is no bot");
    for handle in [
        null(),
        bot.0,
        depth,
        0x5000_0000_ffff_fff0_usize as *const c_void,
    ] {
        assert_eq!(hftlive_watch_wait(handle, MS, MS), -20, "{handle:?}");
    }
    let watch = hftlive_watch_begin(bot.0);
    assert_eq!(live::elapse(watch, 0), 20, "a watch is no bot");
    assert_eq!(hftlive_watch_wait(watch, 0, MS), -22);
    assert!(last_error().contains("sleep of 0 ns"), "{}", last_error());
    assert_eq!(hftlive_watch_wait(watch, MS, -1), -22);
    assert_eq!(hftlive_watch_wait(watch, i64::MAX, 0), TIMED_OUT);

    // Only the bot's own thread may lend.
    let address = bot.0 as usize;
    std::thread::spawn(move || {
        assert!(hftlive_watch_begin(address as *const c_void).is_null());
        assert!(last_error().contains("another thread"));
        assert_eq!(hftlive_watch_end(address as *const c_void), 21);
    })
    .join()
    .unwrap();
}

/// Lends and takes back at every moment of a wait, beside a publisher; each event comes once.
#[test]
fn thousands_of_loans_lose_nothing() {
    const EVENTS: u32 = 20_000;
    static RECEIVED: AtomicU32 = AtomicU32::new(0);
    let name = unique_name("watch-stress");
    let bot_name = name.clone();
    let publisher = std::thread::spawn(move || {
        let connector = Connector::new(&name);
        let (id, _) = eventually("registration", || connector.registration());
        connector.answer(id, "aaa", &[]);
        for sent in 0..EVENTS {
            // Few wait, and now and then none.
            let most = if sent % 64 == 0 { 1 } else { 8 };
            while sent - RECEIVED.load(Ordering::Relaxed) >= most {
                std::thread::yield_now();
            }
            connector.feed("aaa", event(BUY_TRADE, f64::from(sent + 1), 1.0));
        }
        // A process that goes is noticed, which is not what is looked at here.
        eventually("the last event", || {
            (RECEIVED.load(Ordering::Relaxed) == EVENTS).then_some(())
        });
    });
    let bot = TestBot::new(&bot_json(&bot_name, &["aaa"]));
    let (to_waiter, watches) = mpsc::channel::<usize>();
    let (to_owner, results) = mpsc::channel();
    let waiter = std::thread::spawn(move || {
        for watch in watches {
            let result = hftlive_watch_wait(watch as *const c_void, 1_000, 50 * MS);
            to_owner.send(result).unwrap();
        }
    });
    let (mut loans, mut counts) = (0u32, [0u32; 3]);
    let mut next = 1.0;
    while next <= f64::from(EVENTS) {
        for record in bot.poll(32).records {
            if record.kind() != kind::TRADE {
                assert_ne!(record.kind(), kind::OVERFLOW);
                continue;
            }
            assert_eq!(record.price, next);
            next += 1.0;
            RECEIVED.fetch_add(1, Ordering::Relaxed);
        }
        if next > f64::from(EVENTS) {
            break;
        }
        let watch = hftlive_watch_begin(bot.0);
        to_waiter.send(watch as usize).unwrap();
        loans += 1;
        if loans % 2 == 0 {
            // At another moment each time.
            (0..loans % 512).for_each(|_| std::hint::spin_loop());
            assert_eq!(hftlive_watch_end(bot.0), 0);
        }
        counts[results.recv().unwrap() as usize] += 1;
    }
    drop(to_waiter);
    waiter.join().unwrap();
    publisher.join().unwrap();
    assert_eq!(bot.connection(0).overflows, 0);
    assert!(loans > 1_000, "{loans}");
    assert!(counts[1] > 100 && counts[2] > 0, "{counts:?}");
}
