//! Bots, handles, connectors that come and go, and the probe.

use std::ptr::{null, null_mut};

use hftbacktest::live::ipc::TO_ALL;
use hftbacktest::types::{ErrorKind, LiveError, LiveEvent, Value};
use hftlive::ffi::depth::hashmap as depth;
use hftlive::ffi::hftlive::*;
use hftlive::ffi::live::hashmap as live;
use hftlive::ffi::live::roivec as roi_live;
use hftlive::ffi::orders::*;
use hftlive::handle::HandleKind;
use hftlive::record::kind;

use crate::common::*;

#[test]
fn a_restarted_connector_is_noticed_and_asked_again() {
    let name = unique_name("restart");
    let connector = Connector::new(&name);
    let bot = TestBot::new(&bot_json(&name, &["aaa"]));
    let (id, _) = eventually("registration", || connector.registration());
    connector.answer(id, "aaa", &[(BID_SNAPSHOT, 100.0, 1.0)]);
    bot.until(kind::CONNECTION, 2);
    drop(connector);
    bot.until(kind::CONNECTION, 0);
    let status = bot.connection(0);
    assert_eq!((status.attached, status.registered), (0, 0));

    let connector = Connector::new(&name);
    bot.until(kind::CONNECTION, 1);
    let (again, _) = eventually("registration", || connector.registration());
    assert_eq!(again, id);
    connector.answer(id, "aaa", &[(BID_SNAPSHOT, 90.0, 2.0)]);
    let records = bot.until(kind::CONNECTION, 2);
    assert!(kinds(&records).contains(&kind::DEPTH_CLEAR));
    assert_eq!(book(&bot, 0), [(true, 90.0, 2.0)]);

    // Gone and back between two looks: another process all the same.
    drop(connector);
    let connector = Connector::new(&name);
    let records = bot.until(kind::CONNECTION, 3);
    assert_eq!(kinds(&records), [kind::CONNECTION]);
    eventually("registration", || connector.registration());
}

#[test]
fn handles_belong_to_their_thread_and_end_with_the_bot() {
    let (_connector, bot, _) = session("handles", &["aaa"], "");
    let address = bot.0 as usize;
    let codes = std::thread::spawn(move || {
        let handle = address as *const std::ffi::c_void;
        (live::elapse(handle, 0), live::close(handle), last_error())
    })
    .join()
    .unwrap();
    assert_eq!((codes.0, codes.1), (21, 21));
    assert!(codes.2.contains("another thread"));

    let book = live::depth(bot.0, 0);
    let orders = live::orders(bot.0, 0);
    let walk = orders_values(orders);
    assert!(live::depth(bot.0, 1).is_null());
    assert!(last_error().contains("asset 1 of 1"));
    assert_eq!(roi_live::elapse(bot.0, 0), 22, "the other family");
    assert!(last_error().contains("roivec function on a hashmap bot"));
    assert_eq!(live::elapse(book, 0), 20, "a book is no bot");
    assert_eq!(live::close(bot.0), 0);
    assert_eq!(live::close(bot.0), 20);
    assert_eq!(live::elapse(bot.0, 0), 20);
    assert!(depth::best_bid(book).is_nan());
    assert_eq!(orders_len(orders), 0);
    assert!(orders_values_next(walk).is_null());
    assert!(last_error().contains("closed or unknown"));
    assert_eq!(live::num_assets(null()), 0);
    assert_eq!(live::current_timestamp(null()), i64::MIN);
}

#[test]
fn the_probe_sees_and_creates_nothing() {
    let name = unique_name("probe");
    let look = || {
        let json = format!(r#"{{"connector":"{name}"}}"#);
        read_text(|out, cap| unsafe { hftlive_probe(json.as_ptr(), json.len(), out, cap) })
    };
    assert_eq!(look(), r#"{"exists":false,"publishers":[],"bots":0}"#);
    assert_eq!(look(), r#"{"exists":false,"publishers":[],"bots":0}"#);
    let bot = TestBot::new(&bot_json(&name, &["aaa"]));
    let sizes = format!(r#""sizes":{{"bufferSize":{BUFFER},"maxBots":{MAX_BOTS}}}"#);
    assert_eq!(
        look(),
        format!(r#"{{"exists":true,"publishers":[],"bots":1,{sizes}}}"#)
    );
    let connector = Connector::new(&name);
    let pid = std::process::id();
    assert_eq!(
        look(),
        format!(
            r#"{{"exists":true,"publishers":[{{"pid":{pid},"alive":true}}],"bots":1,{sizes}}}"#
        )
    );
    drop((bot, connector));
    assert_eq!(look(), r#"{"exists":false,"publishers":[],"bots":0}"#);
}

#[test]
fn bad_configurations_say_what_is_wrong() {
    assert_eq!(bot_new("{").unwrap_err(), 22);
    assert_eq!(bot_new(&bot_json("a/b", &["s"])).unwrap_err(), 22);
    assert_eq!(bot_new(&bot_json("c", &["s", "s"])).unwrap_err(), 22);
    assert!(last_error().contains("instruments[1]"));
    let json = bot_json("c", &["s"]);
    assert_eq!(
        unsafe { hftlive_bot_new(json.as_ptr(), json.len(), null_mut()) },
        22
    );
    let mut handle = null();
    assert_eq!(unsafe { hftlive_bot_new(null(), 5, &raw mut handle) }, 22);
    let bytes = [0xffu8; 4];
    assert_eq!(
        unsafe { hftlive_bot_new(bytes.as_ptr(), 4, &raw mut handle) },
        22
    );
    assert!(handle.is_null());
}

#[test]
fn the_abi_describes_itself() {
    assert_eq!(hftlive_abi_version(), 1);
    let json = read_text(|out, cap| unsafe { hftlive_abi(out, cap) });
    let abi: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(abi["recordSize"], 64);
    assert_eq!(abi["record"]["execQty"], 56);
    assert_eq!(abi["kinds"]["Overflow"], 38);
}

#[test]
fn each_connector_comes_and_goes_on_its_own() {
    let names = [unique_name("left"), unique_name("right")];
    let (left, right) = (Connector::new(&names[0]), Connector::new(&names[1]));
    // The same symbol on both.
    let json = bot_json(&names[0], &["aaa"]).replace(
        "}]}",
        &format!(
            r#"}},{{"connector":"{}","symbol":"aaa","tickSize":0.5,"lotSize":1}}]}}"#,
            names[1]
        ),
    );
    let bot = TestBot::new(&json);
    for (connector, price) in [(&left, 100.0), (&right, 200.0)] {
        let (id, symbol) = eventually("registration", || connector.registration());
        connector.answer(id, &symbol, &[(BID_SNAPSHOT, price, 1.0)]);
    }
    eventually("both registered", || {
        bot.drain();
        (bot.connection(0).registered + bot.connection(1).registered == 2).then_some(())
    });
    assert_eq!(book(&bot, 0), [(true, 100.0, 1.0)]);
    assert_eq!(book(&bot, 1), [(true, 200.0, 1.0)]);
    let error = LiveError::with(ErrorKind::Custom(1), Value::Empty);
    right.send(TO_ALL, LiveEvent::Error(error));
    for n in 0..10 {
        left.feed("aaa", event(BUY_TRADE, 100.0, f64::from(n)));
        right.feed("aaa", event(BUY_TRADE, 200.0, f64::from(n)));
    }
    let records = bot.drain();
    let error = records.iter().find(|r| r.kind() == kind::ERROR).unwrap();
    assert_eq!(error.asset, 1, "the first of its connector");
    for asset in 0..2 {
        let own = records
            .iter()
            .filter(|r| r.asset == asset && r.kind() == kind::TRADE);
        let quantities: Vec<_> = own.map(|r| r.qty as i32).collect();
        assert_eq!(quantities, (0..10).collect::<Vec<_>>());
    }
    drop(right);
    let records = bot.until(kind::CONNECTION, 0);
    assert_eq!(records.last().unwrap().asset, 1);
    assert_eq!(
        (bot.connection(0).attached, bot.connection(1).attached),
        (1, 0)
    );
}

#[test]
fn a_thread_that_ends_takes_its_bots_along() {
    let name = unique_name("thread");
    let json = bot_json(&name, &["aaa"]);
    let handle = std::thread::spawn(move || bot_new(&json).unwrap() as usize)
        .join()
        .unwrap();
    let json = format!(r#"{{"connector":"{name}"}}"#);
    let report =
        read_text(|out, cap| unsafe { hftlive_probe(json.as_ptr(), json.len(), out, cap) });
    assert_eq!(report, r#"{"exists":false,"publishers":[],"bots":0}"#);
    assert_eq!(live::elapse(handle as *const _, 0), 20);
}

#[test]
fn a_bot_that_panicked_can_only_be_closed() {
    let (_connector, bot, _) = session("panic", &["aaa"], "");
    let panicked = std::panic::catch_unwind(|| {
        hftlive::handle::with::<()>(bot.0, HandleKind::Bot, |_, _| {
            std::panic::resume_unwind(Box::new("on purpose"))
        })
    });
    assert!(panicked.is_err());
    assert_eq!(live::elapse(bot.0, 0), 23);
    assert!(live::position(bot.0, 0).is_nan());
    assert!(last_error().contains("can only be closed"));
    assert_eq!(live::close(bot.0), 0);
    assert_eq!(live::close(bot.0), 20);
}
