//! Bots, handles, connectors that come and go, and the probe.

use std::ptr::{null, null_mut};

use hftlive::ffi::depth::hashmap as depth;
use hftlive::ffi::hftlive::*;
use hftlive::ffi::live::hashmap as live;
use hftlive::ffi::live::roivec as roi_live;
use hftlive::ffi::orders::*;
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
    assert_eq!(look(), r#"{"exists":true,"publishers":[],"bots":1}"#);
    let connector = Connector::new(&name);
    let pid = std::process::id();
    assert_eq!(
        look(),
        format!(r#"{{"exists":true,"publishers":[{{"pid":{pid},"alive":true}}],"bots":1}}"#)
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
