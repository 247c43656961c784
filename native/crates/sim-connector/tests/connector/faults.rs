//! Each way to misbehave, seen from a bot or from the process's owner.

use std::time::Duration;

use crate::common::{Connector, Wire};
use hftbacktest::types::{ErrorKind, LiveEvent};

const SOURCE: &str = "[source]\nkind = \"synthetic\"\nrate = 1000\n";

/// A bot registers; the connector has its faults from the first event on.
fn faulty(fault: &str) -> (Connector, Wire) {
    let connector = Connector::start(&format!("{SOURCE}[fault]\n{fault}"));
    let wire = Wire::connect(&connector.name, 1);
    wire.register("btcusdt", 0.1, 0.001);
    (connector, wire)
}

#[test]
fn signals_end_it_with_0() {
    for signal in ["TERM", "INT"] {
        let (mut connector, wire) = faulty("");
        wire.feed();
        connector.signal(signal);
        assert_eq!(connector.wait().code(), Some(0), "{signal}");
        connector.wait_for_log("The connector ends.");
    }
}

#[test]
fn sigterm_can_be_ignored() {
    let (mut connector, wire) = faulty("ignore_sigterm = true\n");
    wire.answer();
    connector.signal("TERM");
    for _ in 0..200 {
        wire.feed();
    }
    assert!(connector.is_running());
    connector.signal("INT");
    assert_eq!(connector.wait().code(), Some(0));
}

#[test]
fn sigterm_can_hang_it() {
    let (mut connector, wire) = faulty("hang_on_sigterm = true\n");
    wire.answer();
    connector.signal("TERM");
    // What was under way comes; then nothing comes any more.
    wire.quiet_for(Duration::from_millis(300));
    assert!(wire.quiet_for(Duration::from_millis(200)).is_empty());
    assert!(connector.is_running());
}

#[test]
fn it_can_exit_and_panic() {
    let (mut connector, _wire) = faulty("exit_after_events = 50\nexit_code = 3\n");
    assert_eq!(connector.wait().code(), Some(3));
    let (mut connector, _wire) = faulty("panic_after_events = 50\n");
    assert_eq!(connector.wait().code(), Some(1));
}

#[test]
fn it_can_go_silent() {
    let (mut connector, wire) = faulty("silent_after_events = 50\n");
    wire.answer();
    for _ in 0..50 {
        wire.feed();
    }
    wire.register("btcusdt", 0.1, 0.001);
    assert!(wire.quiet_for(Duration::from_millis(200)).is_empty());
    assert!(connector.is_running());
}

#[test]
fn it_can_leave_a_registration_unanswered() {
    let (mut connector, wire) = faulty("refuse_register = true\n");
    assert!(wire.quiet_for(Duration::from_millis(200)).is_empty());
    assert!(connector.is_running());
}

#[test]
fn it_can_send_malformed_payloads() {
    for kind in ["variant", "truncated", "utf8"] {
        let (_connector, wire) = faulty(&format!(
            "malformed_every = 20\nmalformed_kind = \"{kind}\"\n"
        ));
        let (mut feeds, mut malformed) = (0, Vec::new());
        while malformed.len() < 3 {
            match wire.try_next() {
                Ok(received) => {
                    if matches!(received.event, LiveEvent::Feed { .. }) {
                        feeds += 1;
                    }
                }
                Err(_) => malformed.push(feeds),
            }
        }
        assert_eq!(malformed, [20, 40, 60], "{kind}");
    }
}

#[test]
fn it_can_send_errors() {
    let (_connector, wire) = faulty("live_error_after_events = 5\nlive_error_code = -7\n");
    let mut kinds = Vec::new();
    while kinds.len() < 4 {
        if let LiveEvent::Error(error) = wire.next().event {
            kinds.push(error.kind);
        }
    }
    assert_eq!(
        kinds,
        [
            ErrorKind::ConnectionInterrupted,
            ErrorKind::CriticalConnectionError,
            ErrorKind::OrderError,
            ErrorKind::Custom(-7)
        ]
    );
}

#[test]
fn it_can_be_slow() {
    // 60 events take at least 60 times the delay; the market would offer 1,000 a second.
    let (_connector, wire) = faulty("delay_us = 5000\n");
    let first = wire.feed();
    for _ in 0..58 {
        wire.feed();
    }
    let last = wire.feed();
    assert!(last.local_ts - first.local_ts >= 59 * 5_000_000);
}
