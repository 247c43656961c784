use super::*;

const SYNTHETIC: &str = "[source]\nkind = \"synthetic\"\n";
const RECORDING: &str = "[source]\nkind = \"recording\"\nfile = \"a.gz\"\nsymbol = \"btcusdt\"\n";

fn synthetic(rest: &str) -> Result<Config, ConfigError> {
    Config::parse(&format!("{SYNTHETIC}{rest}"))
}

fn refused(text: &str) -> String {
    Config::parse(text).unwrap_err().to_string()
}

#[test]
fn a_kind_alone_is_enough_for_a_synthetic_market() {
    let config = synthetic("").unwrap();
    let SourceConfig::Synthetic(source) = &config.source else {
        panic!("not synthetic");
    };
    assert_eq!(source.rate, Some(1_000.0));
    assert_eq!(source.symbols[0].name, "btcusdt");
    assert_eq!(config.source.start(), Start::Register);
    assert_eq!(config.source.at_end(), AtEnd::Hold);
    assert_eq!(config.publish.pace, None);
    assert_eq!(config.orders.order_latency_us, 0);
    assert!(!config.fault.ignore_sigterm);
}

#[test]
fn words_stand_for_no_limit() {
    let config = synthetic("rate = \"flat_out\"\n[publish]\npace = \"none\"\n").unwrap();
    assert!(matches!(
        config.source,
        SourceConfig::Synthetic(SyntheticConfig { rate: None, .. })
    ));
    assert_eq!(config.publish.pace, None);
    let config = Config::parse(&format!("{RECORDING}speed = \"max\"\n")).unwrap();
    assert!(matches!(
        config.source,
        SourceConfig::Recording(RecordingConfig { speed: None, .. })
    ));
}

#[test]
fn the_shipped_examples_parse() {
    for text in [
        include_str!("../../examples/synthetic.toml"),
        include_str!("../../examples/recording.toml"),
    ] {
        Config::parse(text).unwrap();
    }
}

#[test]
fn unknown_keys_are_refused_with_line_key_and_value() {
    for (text, line, key) in [
        (
            format!("{SYNTHETIC}ratee = 5\n"),
            "line 3: `ratee = 5`",
            "`ratee`",
        ),
        (
            format!("{SYNTHETIC}[fault]\nexplode = true\n"),
            "line 4: `explode = true`",
            "`explode`",
        ),
        (format!("{SYNTHETIC}[log]\n"), "line 3: `[log]`", "`log`"),
        (
            format!("{SYNTHETIC}[[source.symbols]]\nname = \"a\"\nlot = 1\n"),
            "line 5: `lot = 1`",
            "`lot`",
        ),
        (
            format!("{RECORDING}seed = 1\n"),
            "line 5: `seed = 1`",
            "`seed`",
        ),
    ] {
        let error = refused(&text);
        assert!(error.starts_with(line), "{error}");
        assert!(error.contains(key), "{error}");
    }
}

#[test]
fn values_of_the_wrong_type_or_range_are_refused() {
    for (rest, expected) in [
        ("rate = 0\n", "line 3: `rate = 0`"),
        ("rate = \"fast\"\n", "\"flat_out\""),
        ("seed = -1\n", "line 3: `seed = -1`"),
        (
            "trade_share = 1.5\n",
            "source.trade_share = 1.5: expected 0 to 1",
        ),
        ("levels = 0\n", "source.levels = 0"),
        ("events = 0\n", "source.events = 0"),
        ("at_end = \"loop\"\n", "source.at_end = \"loop\""),
        ("at_end = \"stop\"\n", "`stop`"),
        ("[publish]\npace = -1\n", "line 4: `pace = -1`"),
        ("[orders]\nreject_rate = 2\n", "orders.reject_rate = 2"),
        ("[orders]\nmax_fill_qty = 0\n", "orders.max_fill_qty = 0"),
        (
            "[account.positions]\nbtcusdt = nan\n",
            "account.positions.btcusdt = NaN",
        ),
        (
            "[fault]\nmalformed_every = 0\n",
            "fault.malformed_every = 0",
        ),
        (
            "[fault]\nignore_sigterm = true\nhang_on_sigterm = true\n",
            "fault.hang_on_sigterm = true",
        ),
        (
            "[[source.symbols]]\nname = \"a\"\n[[source.symbols]]\nname = \"a\"\n",
            "source.symbols.name = \"a\": given twice",
        ),
        (
            "[[source.symbols]]\nname = \"a\"\nbase_price = 1\n",
            "source.symbols.base_price = 1",
        ),
    ] {
        let error = refused(&format!("{SYNTHETIC}{rest}"));
        assert!(error.contains(expected), "{rest:?}: {error}");
    }
}

#[test]
fn a_source_is_needed() {
    assert!(refused("").contains("`source`"));
    assert!(refused("[source]\n").contains("`kind`"));
    assert!(refused("[source]\nkind = \"live\"\n").contains("`live`"));
    let no_file = "[source]\nkind = \"recording\"\nsymbol = \"a\"\n";
    assert!(refused(no_file).contains("`file`"));
}

#[test]
fn text_that_is_no_toml_is_refused() {
    assert!(refused("[source\n").starts_with("line 1: `[source`"));
}

#[test]
fn every_key_of_the_manual_is_known() {
    let common = r#"
        [publish]
        pace = 1000
        idle = "busy"
        [orders]
        order_latency_us = 1
        reject_rate = 0.1
        seed = 2
        max_fill_qty = 0.5
        max_filled_share = 0.5
        cancel_orders_on_register = true
        [account.positions]
        btcusdt = -1
        [fault]
        ignore_sigterm = true
        hang_on_sigterm = false
        exit_after_events = 1
        exit_code = 2
        panic_after_events = 1
        silent_after_events = 1
        delay_us = 1
        malformed_after_events = 1
        malformed_every = 1
        malformed_kind = "utf8"
        live_error_after_events = 1
        live_error_kinds = ["custom", "order_error"]
        live_error_code = 5
        live_error_message = "a"
        refuse_register = true
    "#;
    let synthetic = r#"
        [source]
        kind = "synthetic"
        seed = 1
        rate = 1.5
        events = 10
        trade_share = 0
        volatility = 1
        levels = 3
        batches = false
        start = "now"
        at_end = "exit"
        [[source.symbols]]
        name = "a"
        base_price = 10
        tick_size = 0.5
        lot_size = 1
        spread_ticks = 2
        max_lots = 3
    "#;
    let recording = r#"
        [source]
        kind = "recording"
        file = "a.gz"
        symbol = "a"
        recorded_symbol = "b"
        speed = 20
        timestamps = "recorded"
        book_ticker = true
        start = "now"
        at_end = "loop"
    "#;
    let manual = include_str!("../../../../../docs/sim-connector.md");
    for source in [synthetic, recording] {
        let text = format!("{source}{common}");
        Config::parse(&text).unwrap();
        for line in text.lines() {
            if let Some((key, _)) = line.trim().split_once(" = ")
                && key != "btcusdt"
            {
                assert!(manual.contains(&format!("`{key}`")), "{key}");
            }
        }
    }
}
