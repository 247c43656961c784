//! Sizes of channels: who decides, and what is said when they do not fit.

use crate::common::*;
use hftlive::record::kind;

const DIFFERENT: [&str; 2] = [
    r#""channel":{"bufferSize":257,"maxBots":1},"#,
    r#""channel":{"bufferSize":1,"maxBots":33},"#,
];

#[test]
fn a_channel_that_is_too_small_is_named_with_both_sizes() {
    let name = unique_name("small");
    let _connector = Connector::new(&name);
    for (extra, asked) in DIFFERENT.into_iter().zip([
        "257 messages for 1 bot",
        "1 message for each of at most 33 bots",
    ]) {
        assert_eq!(bot_new(&bot_json_with(&name, &["aaa"], extra)), Err(24));
        let text = last_error();
        for part in [
            name.as_str(),
            "it holds 256 messages for each of at most 32 bots",
            asked,
        ] {
            assert!(text.contains(part), "{text}");
        }
    }
}

#[test]
fn a_larger_channel_is_taken_as_it_is() {
    let name = unique_name("larger");
    let connector = Connector::new(&name);
    let extra = r#""channel":{"bufferSize":16,"maxBots":1},"#;
    let bot = TestBot::new(&bot_json_with(&name, &["aaa"], extra));
    let (id, _) = eventually("registration", || connector.registration());
    connector.answer(id, "aaa", &[]);
    bot.until(kind::CONNECTION, 2);
    for n in 0..BUFFER - 1 {
        connector.feed("aaa", event(BUY_TRADE, 100.0, n as f64));
    }
    assert_eq!(bot.drain().len(), BUFFER - 1);
    assert_eq!(bot.connection(0).overflows, 0);
}

#[test]
fn a_bot_that_comes_first_makes_the_channel() {
    let name = unique_name("first");
    let extra = r#""channel":{"bufferSize":300,"maxBots":40},"#;
    let bot = TestBot::new(&bot_json_with(&name, &["aaa"], extra));
    let connector = Connector::new(&name);
    let (id, _) = eventually("registration", || {
        bot.drain();
        connector.registration()
    });
    connector.answer(id, "aaa", &[]);
    bot.until(kind::CONNECTION, 2);
    for n in 0..299 {
        connector.feed("aaa", event(BUY_TRADE, 100.0, f64::from(n)));
    }
    assert_eq!(bot.drain().len(), 299);
    assert_eq!(bot.connection(0).overflows, 0);
}

#[test]
fn more_bots_than_the_channel_takes_are_refused_in_words() {
    let name = unique_name("crowd");
    let extra = r#""channel":{"bufferSize":16,"maxBots":1},"#;
    let json = bot_json_with(&name, &["aaa"], extra);
    let _bot = TestBot::new(&json);
    assert_eq!(bot_new(&json), Err(24));
    assert!(
        last_error().contains("as many bots as it was made for"),
        "{}",
        last_error()
    );
}
