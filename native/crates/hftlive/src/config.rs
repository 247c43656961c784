//! What a bot is made from: JSON, checked field by field.

use serde::Deserialize;

use crate::error::Failure;
use crate::sizes::{ChannelSizes, MAX_BOTS, MAX_BUFFER_SIZE};

/// Records that the journal keeps unless the caller says otherwise.
const JOURNAL_CAPACITY: usize = 65_536;
const MAX_JOURNAL_CAPACITY: usize = 1 << 24;
const MAX_INSTRUMENTS: usize = 4_096;
const MAX_LAST_TRADES: usize = 1 << 24;
/// Ticks of a ROI vector book: two vectors of 512 MiB.
const MAX_ROI_TICKS: f64 = (1u64 << 26) as f64;

/// Which book the bot keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DepthKind {
    /// Upstream's HashMapMarketDepth.
    HashMap,
    /// Upstream's ROIVectorMarketDepth.
    RoiVec,
}

impl DepthKind {
    /// The name in JSON and in the functions' names.
    pub fn name(self) -> &'static str {
        match self {
            Self::HashMap => "hashmap",
            Self::RoiVec => "roivec",
        }
    }
}

/// One instrument.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct InstrumentConfig {
    /// Name under which the connector was started.
    pub connector: String,
    /// Symbol as the connector spells it.
    pub symbol: String,
    /// Smallest price step.
    pub tick_size: f64,
    /// Smallest quantity step.
    pub lot_size: f64,
    /// Trades to keep between two calls of `clear_last_trades`.
    #[serde(default)]
    pub last_trades_capacity: usize,
    /// Lowest price of the ROI vector.
    pub roi_lower_bound: Option<f64>,
    /// Highest price of the ROI vector.
    pub roi_upper_bound: Option<f64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct RawConfig {
    depth: DepthKind,
    bot_id: Option<String>,
    journal_capacity: Option<usize>,
    channel: Option<RawChannel>,
    instruments: Vec<InstrumentConfig>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct RawChannel {
    buffer_size: usize,
    max_bots: usize,
}

/// A checked configuration.
#[derive(Clone, Debug)]
pub struct BotConfig {
    /// Which book.
    pub depth: DepthKind,
    /// Address on the channels; never 0, which addresses all bots.
    pub bot_id: u64,
    /// Records to keep for the next poll.
    pub journal_capacity: usize,
    /// Least sizes of the connectors' channels; `None` for those of the environment, if any.
    pub channel: Option<ChannelSizes>,
    /// The instruments; their index is the asset number.
    pub instruments: Vec<InstrumentConfig>,
}

impl BotConfig {
    /// Reads and checks a configuration.
    pub fn parse(json: &str) -> Result<Self, Failure> {
        let raw: RawConfig = serde_json::from_str(json)
            .map_err(|error| Failure::argument(format!("Cannot read the bot's JSON: {error}")))?;
        let bot_id = match &raw.bot_id {
            None => random_id(),
            Some(text) => match text.parse::<u64>() {
                Ok(id) if id != 0 => id,
                _ => return refuse("botId", text, "a whole number from 1 to 2^64-1 as text"),
            },
        };
        let journal_capacity = raw.journal_capacity.unwrap_or(JOURNAL_CAPACITY);
        if !(1..=MAX_JOURNAL_CAPACITY).contains(&journal_capacity) {
            return refuse("journalCapacity", journal_capacity, "1 to 16777216");
        }
        let channel = raw.channel.map(check_channel).transpose()?;
        if !(1..=MAX_INSTRUMENTS).contains(&raw.instruments.len()) {
            let count = raw.instruments.len();
            return refuse("number of instruments", count, "1 to 4096");
        }
        for (index, instrument) in raw.instruments.iter().enumerate() {
            check_instrument(index, instrument, raw.depth)?;
            let twin = raw.instruments[..index].iter().position(|other| {
                other.connector == instrument.connector && other.symbol == instrument.symbol
            });
            if let Some(twin) = twin {
                return Err(Failure::argument(format!(
                    "Cannot use instruments[{index}]: instruments[{twin}] already is {} on {}",
                    instrument.symbol, instrument.connector
                )));
            }
        }
        Ok(Self {
            depth: raw.depth,
            bot_id,
            journal_capacity,
            channel,
            instruments: raw.instruments,
        })
    }
}

fn check_channel(raw: RawChannel) -> Result<ChannelSizes, Failure> {
    let RawChannel {
        buffer_size,
        max_bots,
    } = raw;
    if !(1..=MAX_BUFFER_SIZE).contains(&buffer_size) {
        return refuse("channel.bufferSize", buffer_size, "1 to 16777216");
    }
    if !(1..=MAX_BOTS).contains(&max_bots) {
        return refuse("channel.maxBots", max_bots, "1 to 65536");
    }
    Ok(ChannelSizes {
        buffer_size,
        max_bots,
    })
}

fn check_instrument(
    index: usize,
    instrument: &InstrumentConfig,
    depth: DepthKind,
) -> Result<(), Failure> {
    let at = |field: &str| format!("instruments[{index}].{field}");
    let connector = &instrument.connector;
    if !is_name(connector, 200) || connector.contains('/') {
        return refuse(
            &at("connector"),
            connector,
            "1 to 200 characters without spaces or slashes",
        );
    }
    if !is_name(&instrument.symbol, 64) {
        return refuse(
            &at("symbol"),
            &instrument.symbol,
            "1 to 64 characters without spaces",
        );
    }
    for (field, value) in [
        ("tickSize", instrument.tick_size),
        ("lotSize", instrument.lot_size),
    ] {
        if !(value.is_finite() && value > 0.0) {
            return refuse(&at(field), value, "a positive number");
        }
    }
    if instrument.last_trades_capacity > MAX_LAST_TRADES {
        let capacity = instrument.last_trades_capacity;
        return refuse(&at("lastTradesCapacity"), capacity, "0 to 16777216");
    }
    check_roi(&at, instrument, depth)
}

fn check_roi(
    at: &dyn Fn(&str) -> String,
    instrument: &InstrumentConfig,
    depth: DepthKind,
) -> Result<(), Failure> {
    let bounds = (instrument.roi_lower_bound, instrument.roi_upper_bound);
    match (depth, bounds) {
        (DepthKind::HashMap, (None, None)) => Ok(()),
        (DepthKind::HashMap, _) => Err(Failure::argument(format!(
            "Cannot use {}: only depth roivec has bounds",
            at("roiLowerBound")
        ))),
        (DepthKind::RoiVec, (Some(lower), Some(upper))) => {
            if !(lower.is_finite() && upper.is_finite() && lower >= 0.0 && lower < upper) {
                return refuse(
                    &at("roiUpperBound"),
                    upper,
                    &format!("a price above roiLowerBound ({lower}), both of at least 0"),
                );
            }
            let ticks = (upper - lower) / instrument.tick_size;
            if ticks > MAX_ROI_TICKS || upper / instrument.tick_size > f64::from(i32::MAX) {
                return refuse(&at("roiUpperBound"), upper, "at most 67108864 ticks in all");
            }
            Ok(())
        }
        (DepthKind::RoiVec, _) => Err(Failure::argument(format!(
            "Cannot use {}: depth roivec needs roiLowerBound and roiUpperBound",
            at("roiLowerBound")
        ))),
    }
}

fn is_name(text: &str, max: usize) -> bool {
    (1..=max).contains(&text.len()) && !text.chars().any(|c| c.is_whitespace() || c.is_control())
}

fn refuse<T>(field: &str, value: impl std::fmt::Display, expected: &str) -> Result<T, Failure> {
    Err(Failure::argument(format!(
        "Cannot use {field} = {value}: expected {expected}"
    )))
}

/// A number that no other bot on this machine is likely to have.
fn random_id() -> u64 {
    use std::hash::{BuildHasher, RandomState};
    RandomState::new().hash_one(std::process::id()).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(instrument: &str) -> Result<BotConfig, Failure> {
        BotConfig::parse(&format!(
            r#"{{"depth":"hashmap","instruments":[{instrument}]}}"#
        ))
    }

    const GOOD: &str = r#"{"connector":"c","symbol":"s","tickSize":0.1,"lotSize":0.001}"#;

    #[test]
    fn reads_a_minimal_configuration() {
        let config = config(GOOD).unwrap();
        assert_eq!(config.journal_capacity, JOURNAL_CAPACITY);
        assert_ne!(config.bot_id, 0);
        assert_eq!(config.instruments[0].last_trades_capacity, 0);
    }

    #[test]
    fn names_field_and_value() {
        let cases = [
            (GOOD.replace("0.1", "-1"), "instruments[0].tickSize = -1"),
            (GOOD.replace("0.001", "0"), "instruments[0].lotSize = 0"),
            (
                GOOD.replace("\"c\"", "\"a b\""),
                "instruments[0].connector = a b",
            ),
            (
                GOOD.replace("\"c\"", "\"a/b\""),
                "instruments[0].connector = a/b",
            ),
            (GOOD.replace("\"s\"", "\"\""), "instruments[0].symbol = "),
            (GOOD.replace("tickSize", "ticksize"), "ticksize"),
            (
                format!("{GOOD},{GOOD}"),
                "instruments[1]: instruments[0] already is s on c",
            ),
            (
                GOOD.replace('}', r#","roiLowerBound":1}"#),
                "only depth roivec has bounds",
            ),
        ];
        for (instrument, expected) in cases {
            let failure = config(&instrument).unwrap_err();
            assert!(failure.text.contains(expected), "{}", failure.text);
        }
    }

    #[test]
    fn checks_the_bot_id_and_the_journal() {
        for (extra, expected) in [
            (r#""botId":"0""#, "botId = 0"),
            (r#""botId":"x""#, "botId = x"),
            (r#""journalCapacity":0"#, "journalCapacity = 0"),
        ] {
            let json = format!(r#"{{"depth":"hashmap",{extra},"instruments":[{GOOD}]}}"#);
            let failure = BotConfig::parse(&json).unwrap_err();
            assert!(failure.text.contains(expected), "{}", failure.text);
        }
        let json = format!(
            r#"{{"depth":"hashmap","botId":"18446744073709551615","instruments":[{GOOD}]}}"#
        );
        assert_eq!(BotConfig::parse(&json).unwrap().bot_id, u64::MAX);
    }

    #[test]
    fn checks_the_sizes_of_channels() {
        let parse = |channel: &str| {
            BotConfig::parse(&format!(
                r#"{{"depth":"hashmap","channel":{channel},"instruments":[{GOOD}]}}"#
            ))
        };
        let sizes = parse(r#"{"bufferSize":64,"maxBots":3}"#).unwrap().channel;
        assert_eq!(
            sizes,
            Some(ChannelSizes {
                buffer_size: 64,
                max_bots: 3
            })
        );
        for (channel, expected) in [
            (
                r#"{"bufferSize":0,"maxBots":3}"#,
                "channel.bufferSize = 0: expected 1 to 16777216",
            ),
            (
                r#"{"bufferSize":16777217,"maxBots":3}"#,
                "channel.bufferSize",
            ),
            (r#"{"bufferSize":1,"maxBots":0}"#, "channel.maxBots = 0"),
            (r#"{"bufferSize":1,"maxBots":65537}"#, "channel.maxBots"),
            (r#"{"bufferSize":1}"#, "maxBots"),
            (r#"{"bufferSize":-1,"maxBots":3}"#, "-1"),
            (r#"{"bufferSize":1,"max_bots":3}"#, "max_bots"),
        ] {
            let failure = parse(channel).unwrap_err();
            assert!(failure.text.contains(expected), "{}", failure.text);
        }
    }

    #[test]
    fn roivec_needs_sane_bounds() {
        let roi = |bounds: &str| {
            let instrument = GOOD.replace('}', &format!("{bounds}}}"));
            BotConfig::parse(&format!(
                r#"{{"depth":"roivec","instruments":[{instrument}]}}"#
            ))
        };
        assert!(roi(r#","roiLowerBound":10,"roiUpperBound":20"#).is_ok());
        for bad in [
            "",
            r#","roiLowerBound":10"#,
            r#","roiLowerBound":20,"roiUpperBound":10"#,
            r#","roiLowerBound":-5,"roiUpperBound":10"#,
            r#","roiLowerBound":0,"roiUpperBound":1e9"#,
        ] {
            assert!(roi(bad).is_err(), "{bad}");
        }
    }
}
