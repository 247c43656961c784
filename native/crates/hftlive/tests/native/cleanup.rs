//! What a killed process leaves behind, and who may remove it.

use std::process::{Child, Command, Stdio};

use crate::common::*;
use hftlive::ffi::cleanup::hftlive_cleanup;
use hftlive::ffi::hftlive::hftlive_probe;

/// Names the channel of the process that [`connector_process`] is to be.
const CHILD: &str = "HFTLIVE_TEST_CLEANUP";

/// In a process started by [`start`]: a connector that is there until it is killed.
/// In the test run itself: nothing.
#[test]
fn connector_process() {
    let Ok(name) = std::env::var(CHILD) else {
        return;
    };
    let _connector = Connector::new(&name);
    // An orphan must not stay for ever.
    std::thread::sleep(3 * PATIENCE);
}

fn start(name: &str) -> Child {
    let child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "cleanup::connector_process", "--nocapture"])
        .env(CHILD, name)
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let attached = format!(r#""pid":{},"alive":true"#, child.id());
    eventually("the publisher", || {
        probe(name).contains(&attached).then_some(())
    });
    child
}

fn end(mut child: Child) -> u32 {
    child.kill().unwrap();
    child.wait().unwrap();
    child.id()
}

fn probe(name: &str) -> String {
    let json = format!(r#"{{"connector":"{name}"}}"#);
    read_text(|out, cap| unsafe { hftlive_probe(json.as_ptr(), json.len(), out, cap) })
}

/// The report, taken with room for it: a second call would find nothing left.
fn cleanup(json: &str) -> Result<String, i64> {
    let mut out = vec![0; 4_096];
    let len = unsafe { hftlive_cleanup(json.as_ptr(), json.len(), out.as_mut_ptr(), out.len()) };
    if len < 0 {
        return Err(-len);
    }
    out.truncate(len as usize);
    Ok(String::from_utf8(out).unwrap())
}

fn cleanup_after(pid: u32) -> String {
    cleanup(&format!(r#"{{"pid":{pid}}}"#)).unwrap()
}

#[test]
fn only_the_dead_process_is_cleaned_up() {
    let (dead_name, other_name) = (unique_name("dead"), unique_name("other"));
    let (dead, other) = (start(&dead_name), start(&other_name));
    assert_eq!(
        cleanup_after(dead.id()),
        r#"{"removed":0,"alive":2,"failures":[]}"#
    );
    assert!(probe(&dead_name).contains(r#""alive":true"#));

    // Nodes that other tests create clean up as well, and may get in the way for a moment.
    let dead = end(dead);
    eventually("the clean-up", || {
        (cleanup_after(dead) == r#"{"removed":0,"alive":0,"failures":[]}"#).then_some(())
    });
    assert_eq!(
        probe(&dead_name),
        r#"{"exists":false,"publishers":[],"bots":0}"#
    );
    assert!(probe(&other_name).contains(r#""alive":true"#));
    cleanup_after(end(other));
}

#[test]
fn a_wrong_request_is_refused() {
    let requests = [
        "",
        "{}",
        r#"{"pid":-1}"#,
        r#"{"pid":1.5}"#,
        r#"{"pid":1,"x":2}"#,
    ];
    for json in requests {
        assert_eq!(cleanup(json), Err(22), "{json}: {}", last_error());
    }
    let (json, null) = (r#"{"pid":1}"#, std::ptr::null_mut());
    let refused = unsafe { hftlive_cleanup(json.as_ptr(), json.len(), null, 8) };
    assert_eq!(refused, -22);
    assert_eq!(unsafe { hftlive_cleanup(null, 8, null, 0) }, -22);
}
