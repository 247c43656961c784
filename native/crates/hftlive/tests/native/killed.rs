//! A connector process that is killed and started again.

use std::process::{Child, Command};

use crate::common::*;
use hftlive::ffi::depth::hashmap as depth;
use hftlive::ffi::live::hashmap as live;
use hftlive::record::kind;

/// Names the channel of the process that [`connector_process`] is to be.
const CHILD: &str = "HFTLIVE_TEST_CONNECTOR";

/// In a process started by [`start`]: a connector that answers and feeds until it is killed.
/// In the test run itself: nothing.
#[test]
fn connector_process() {
    let Ok(name) = std::env::var(CHILD) else {
        return;
    };
    let connector = Connector::new(&name);
    let price = f64::from(std::process::id() % 1_000 + 1);
    let mut known = Vec::new();
    // An orphan must not run for ever.
    let start = std::time::Instant::now();
    while start.elapsed() < 3 * PATIENCE {
        while let Some((id, symbol)) = connector.registration() {
            connector.answer(id, &symbol, &[(BID_SNAPSHOT, price, 1.0)]);
            known.push(symbol);
        }
        for symbol in &known {
            connector.feed(symbol, event(BUY_TRADE, price, 1.0));
        }
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
}

fn start(name: &str) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "killed::connector_process", "--nocapture"])
        .env(CHILD, name)
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap()
}

struct Killed(Child);

impl Drop for Killed {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_killed_connector_is_noticed_and_its_successor_used() {
    let name = unique_name("killed");
    let bot = TestBot::new(&bot_json(&name, &["aaa"]));
    let mut child = Killed(start(&name));
    bot.until(kind::CONNECTION, 2);
    bot.until(kind::TRADE, 0);
    assert_eq!(
        (bot.connection(0).attached, bot.connection(0).registered),
        (1, 1)
    );

    // Killed but not reaped: a zombie, and still listed as a publisher.
    child.0.kill().unwrap();
    let records = bot.until(kind::CONNECTION, 0);
    assert_eq!(records.last().unwrap().kind(), kind::CONNECTION);
    assert_eq!(
        (bot.connection(0).attached, bot.connection(0).registered),
        (0, 0)
    );
    assert_eq!(live::submit_buy_order(bot.0, 0, 1, 100.0, 1.0, 0, 0, 0), 19);
    child.0.wait().unwrap();
    let json = format!(r#"{{"connector":"{name}"}}"#);
    let report = read_text(|out, cap| unsafe {
        hftlive::ffi::hftlive::hftlive_probe(json.as_ptr(), json.len(), out, cap)
    });
    assert!(!report.contains("\"alive\":true"), "{report}");

    let successor = Killed(start(&name));
    let records = bot.until(kind::CONNECTION, 2);
    assert!(kinds(&records).contains(&kind::DEPTH_CLEAR));
    bot.until(kind::TRADE, 0);
    let price = f64::from(successor.0.id() % 1_000 + 1);
    assert_eq!(depth::best_bid(live::depth(bot.0, 0)), price);
    drop(successor);
}
