//! The command line: what the real connector does, and one clear line for what is wrong.

use crate::common::{Folder, run};

const SYNTHETIC: &[u8] = b"[source]\nkind = \"synthetic\"\n";

#[test]
fn an_unknown_type_exits_with_the_real_connectors_sentence() {
    let folder = Folder::new();
    let config = folder.write("a.toml", SYNTHETIC);
    let (code, out, _) = run(&["a", "BTCUSDT", config.to_str().unwrap()]);
    assert_eq!(code, Some(1));
    assert!(out.contains("This connector doesn't exist."), "{out}");
}

#[test]
fn a_configuration_that_cannot_be_read_is_named() {
    let (code, out, _) = run(&["a", "bybit", "/nowhere/a.toml"]);
    assert_eq!(code, Some(1));
    assert!(out.contains("/nowhere/a.toml"), "{out}");
}

#[test]
fn an_unknown_key_is_named_with_its_value() {
    let folder = Folder::new();
    let config = folder.write("a.toml", b"[source]\nkind = \"synthetic\"\nsead = 7\n");
    let (code, out, _) = run(&["a", "bybit", config.to_str().unwrap()]);
    assert_eq!(code, Some(1));
    assert!(
        out.contains("line 3: `sead = 7`: unknown field `sead`"),
        "{out}"
    );
}

#[test]
fn a_recording_that_is_not_there_is_named() {
    let folder = Folder::new();
    let config = folder.write(
        "a.toml",
        b"[source]\nkind = \"recording\"\nfile = \"/nowhere/a.gz\"\nsymbol = \"a\"\n",
    );
    let (code, out, _) = run(&["a", "bybit", config.to_str().unwrap()]);
    assert_eq!(code, Some(1));
    assert!(out.contains("source.file = \"/nowhere/a.gz\""), "{out}");
}

#[test]
fn wrong_usage_exits_with_2() {
    let (code, _, err) = run(&["a", "bybit"]);
    assert_eq!(code, Some(2));
    assert!(
        err.contains("Usage: sim-connector <NAME> <TYPE> <CONFIG>"),
        "{err}"
    );
    let (code, out, _) = run(&["--help"]);
    assert_eq!(code, Some(0));
    assert!(out.contains("<NAME> <TYPE> <CONFIG>"), "{out}");
}
