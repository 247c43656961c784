//! `[source]`: where the market comes from.

use std::{collections::HashSet, path::PathBuf};

use serde::Deserialize;

use super::{ConfigError, number};

/// The value of `source.kind`.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Synthetic,
    Recording,
}

/// When a symbol's events begin.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Start {
    /// When the first bot registers the symbol, as a subscription does.
    #[default]
    Register,
    /// When the connector starts.
    Now,
}

/// What happens when the source has no more events.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AtEnd {
    /// Stay, answer registrations, match orders against the last book.
    #[default]
    Hold,
    /// End the process with code 0 once every symbol's source has ended.
    Exit,
    /// Empty the book and begin again.
    Loop,
}

/// Which exchange time published events carry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Timestamps {
    /// The time of publishing.
    #[default]
    Now,
    /// The time in the recording.
    Recorded,
}

/// The section, by kind.
#[derive(Debug)]
pub enum SourceConfig {
    Synthetic(SyntheticConfig),
    Recording(RecordingConfig),
}

/// A seeded random market.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SyntheticConfig {
    #[allow(dead_code, reason = "read by the first pass, which picks this struct")]
    kind: Kind,
    #[serde(default = "default_seed")]
    pub seed: u64,
    /// Feed events per second and symbol; `None` is flat out.
    #[serde(default = "default_rate", deserialize_with = "number::rate")]
    pub rate: Option<f64>,
    /// Feed events per symbol; `None` is unlimited.
    pub events: Option<u64>,
    /// Share of messages that are trades.
    #[serde(default = "default_trade_share")]
    pub trade_share: f64,
    /// Chance per depth message that the mid moves by one tick.
    #[serde(default = "default_volatility")]
    pub volatility: f64,
    /// Price levels shown on each side.
    #[serde(default = "default_levels")]
    pub levels: u32,
    /// Whether a depth message stands between batch marks, as the real connector sends it.
    #[serde(default = "default_true")]
    pub batches: bool,
    #[serde(default)]
    pub start: Start,
    #[serde(default)]
    pub at_end: AtEnd,
    #[serde(default = "default_symbols")]
    pub symbols: Vec<SymbolConfig>,
}

/// One synthetic symbol.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SymbolConfig {
    pub name: String,
    #[serde(default = "default_base_price")]
    pub base_price: f64,
    #[serde(default = "default_tick_size")]
    pub tick_size: f64,
    #[serde(default = "default_lot_size")]
    pub lot_size: f64,
    /// Ticks between best bid and best ask.
    #[serde(default = "default_spread_ticks")]
    pub spread_ticks: u32,
    /// Largest quantity of a level and of a trade, in lots.
    #[serde(default = "default_max_lots")]
    pub max_lots: u32,
}

/// A recording in the format of upstream's collector.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordingConfig {
    #[allow(dead_code, reason = "read by the first pass, which picks this struct")]
    kind: Kind,
    pub file: PathBuf,
    /// Symbol to publish.
    pub symbol: String,
    /// Symbol in the file, in any case; `symbol` when absent.
    pub recorded_symbol: Option<String>,
    /// Multiple of the recorded speed; `None` is flat out.
    #[serde(default = "default_speed", deserialize_with = "number::speed")]
    pub speed: Option<f64>,
    #[serde(default)]
    pub timestamps: Timestamps,
    /// Whether bookTicker messages are fused into the book.
    #[serde(default)]
    pub book_ticker: bool,
    #[serde(default)]
    pub start: Start,
    #[serde(default)]
    pub at_end: AtEnd,
}

fn default_seed() -> u64 {
    1
}

fn default_rate() -> Option<f64> {
    Some(1_000.0)
}

fn default_trade_share() -> f64 {
    0.2
}

fn default_volatility() -> f64 {
    0.05
}

fn default_levels() -> u32 {
    20
}

fn default_true() -> bool {
    true
}

fn default_symbols() -> Vec<SymbolConfig> {
    vec![SymbolConfig {
        name: "btcusdt".to_owned(),
        base_price: default_base_price(),
        tick_size: default_tick_size(),
        lot_size: default_lot_size(),
        spread_ticks: default_spread_ticks(),
        max_lots: default_max_lots(),
    }]
}

fn default_base_price() -> f64 {
    60_000.0
}

fn default_tick_size() -> f64 {
    0.1
}

fn default_lot_size() -> f64 {
    0.001
}

fn default_spread_ticks() -> u32 {
    1
}

fn default_max_lots() -> u32 {
    5_000
}

fn default_speed() -> Option<f64> {
    Some(1.0)
}

impl SourceConfig {
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        match self {
            Self::Synthetic(config) => config.check(),
            Self::Recording(config) => config.check(),
        }
    }

    /// When events begin.
    pub fn start(&self) -> Start {
        match self {
            Self::Synthetic(config) => config.start,
            Self::Recording(config) => config.start,
        }
    }

    /// What happens at the end.
    pub fn at_end(&self) -> AtEnd {
        match self {
            Self::Synthetic(config) => config.at_end,
            Self::Recording(config) => config.at_end,
        }
    }

    /// Which exchange time is published.
    pub fn timestamps(&self) -> Timestamps {
        match self {
            Self::Synthetic(_) => Timestamps::Now,
            Self::Recording(config) => config.timestamps,
        }
    }

    /// Whether depth messages stand between batch marks.
    pub fn batches(&self) -> bool {
        match self {
            Self::Synthetic(config) => config.batches,
            Self::Recording(_) => true,
        }
    }
}

impl SyntheticConfig {
    fn check(&self) -> Result<(), ConfigError> {
        share("source.trade_share", self.trade_share)?;
        share("source.volatility", self.volatility)?;
        if self.levels == 0 || self.levels > 1_000 {
            return Err(ConfigError::value(
                "source.levels",
                self.levels,
                "expected 1 to 1000",
            ));
        }
        if self.events == Some(0) {
            return Err(ConfigError::value(
                "source.events",
                0,
                "expected at least 1; leave it out for no limit",
            ));
        }
        if self.at_end == AtEnd::Loop {
            return Err(ConfigError::value(
                "source.at_end",
                "\"loop\"",
                "only a recording loops; leave source.events out for an unlimited market",
            ));
        }
        if self.symbols.is_empty() {
            return Err(ConfigError::value(
                "source.symbols",
                "[]",
                "expected at least one symbol",
            ));
        }
        let mut names = HashSet::new();
        for symbol in &self.symbols {
            symbol.check(self.levels)?;
            if !names.insert(&symbol.name) {
                return Err(ConfigError::value(
                    "source.symbols.name",
                    format!("{:?}", symbol.name),
                    "given twice",
                ));
            }
        }
        Ok(())
    }
}

impl SymbolConfig {
    fn check(&self, levels: u32) -> Result<(), ConfigError> {
        symbol_name("source.symbols.name", &self.name)?;
        above_zero("source.symbols.base_price", self.base_price)?;
        above_zero("source.symbols.tick_size", self.tick_size)?;
        above_zero("source.symbols.lot_size", self.lot_size)?;
        if self.spread_ticks == 0 {
            return Err(ConfigError::value(
                "source.symbols.spread_ticks",
                0,
                "expected at least 1",
            ));
        }
        if self.max_lots == 0 {
            return Err(ConfigError::value(
                "source.symbols.max_lots",
                0,
                "expected at least 1",
            ));
        }
        if self.base_price / self.tick_size <= f64::from(levels + self.spread_ticks) {
            return Err(ConfigError::value(
                "source.symbols.base_price",
                self.base_price,
                "too low: the book's lowest level would be below one tick",
            ));
        }
        Ok(())
    }
}

impl RecordingConfig {
    fn check(&self) -> Result<(), ConfigError> {
        symbol_name("source.symbol", &self.symbol)?;
        match &self.recorded_symbol {
            Some(name) => symbol_name("source.recorded_symbol", name),
            None => Ok(()),
        }
    }
}

fn symbol_name(key: &str, name: &str) -> Result<(), ConfigError> {
    if name.is_empty() {
        return Err(ConfigError::value(key, "\"\"", "expected a symbol"));
    }
    Ok(())
}

pub(super) fn share(key: &str, value: f64) -> Result<(), ConfigError> {
    if (0.0..=1.0).contains(&value) {
        return Ok(());
    }
    Err(ConfigError::value(key, value, "expected 0 to 1"))
}

pub(super) fn above_zero(key: &str, value: f64) -> Result<(), ConfigError> {
    if value.is_finite() && value > 0.0 {
        return Ok(());
    }
    Err(ConfigError::value(key, value, "expected a number above 0"))
}
