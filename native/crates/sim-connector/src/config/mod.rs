//! The configuration file. Unknown keys are refused; errors name the line, the key and the value.

mod account;
mod fault;
mod number;
mod orders;
mod publish;
mod source;

use std::ops::Range;

use serde::{Deserialize, de::DeserializeOwned};
use thiserror::Error;

pub use self::{
    account::AccountConfig,
    fault::{ErrorKindName, FaultConfig, MalformedKind},
    orders::OrdersConfig,
    publish::{Idle, PublishConfig},
    source::{
        AtEnd, RecordingConfig, SourceConfig, Start, SymbolConfig, SyntheticConfig, Timestamps,
    },
};

/// Why a configuration was refused.
#[derive(Debug, Error)]
pub enum ConfigError {
    /// The text is no TOML, or a key or the type of a value is wrong.
    #[error("line {line}: `{text}`: {message}")]
    Syntax {
        line: usize,
        text: String,
        message: String,
    },
    /// A value is out of its range, or does not go with another one.
    #[error("{key} = {value}: {reason}")]
    Value {
        key: String,
        value: String,
        reason: String,
    },
}

impl ConfigError {
    fn value(key: impl Into<String>, value: impl ToString, reason: &str) -> Self {
        Self::Value {
            key: key.into(),
            value: value.to_string(),
            reason: reason.to_owned(),
        }
    }

    fn syntax(text: &str, error: &toml::de::Error) -> Self {
        let span = error.span().unwrap_or(0..0);
        Self::Syntax {
            line: line_number(text, &span),
            text: line_text(text, &span).to_owned(),
            message: error.message().replace('\n', ", "),
        }
    }
}

fn line_number(text: &str, span: &Range<usize>) -> usize {
    1 + text[..span.start].matches('\n').count()
}

fn line_text<'a>(text: &'a str, span: &Range<usize>) -> &'a str {
    let from = text[..span.start].rfind('\n').map_or(0, |at| at + 1);
    text[from..].lines().next().unwrap_or("").trim()
}

/// The whole configuration.
#[derive(Debug)]
pub struct Config {
    pub source: SourceConfig,
    pub publish: PublishConfig,
    pub orders: OrdersConfig,
    pub account: AccountConfig,
    pub fault: FaultConfig,
}

/// The file as serde reads it, once the kind of source is known. An enum with a tag would lose the line of an error.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File<S> {
    source: S,
    #[serde(default)]
    publish: PublishConfig,
    #[serde(default)]
    orders: OrdersConfig,
    #[serde(default)]
    account: AccountConfig,
    #[serde(default)]
    fault: FaultConfig,
}

#[derive(Deserialize)]
struct KindFile {
    source: KindSection,
}

#[derive(Deserialize)]
struct KindSection {
    kind: source::Kind,
}

impl Config {
    /// Parses and checks a configuration.
    pub fn parse(text: &str) -> Result<Self, ConfigError> {
        let kind: KindFile = read(text)?;
        let config = match kind.source.kind {
            source::Kind::Synthetic => Self::from_file(read(text)?, SourceConfig::Synthetic),
            source::Kind::Recording => Self::from_file(read(text)?, SourceConfig::Recording),
        };
        config.check()?;
        Ok(config)
    }

    fn from_file<S>(file: File<S>, wrap: impl FnOnce(S) -> SourceConfig) -> Self {
        Self {
            source: wrap(file.source),
            publish: file.publish,
            orders: file.orders,
            account: file.account,
            fault: file.fault,
        }
    }

    fn check(&self) -> Result<(), ConfigError> {
        self.source.check()?;
        self.orders.check()?;
        self.account.check()?;
        self.fault.check()
    }
}

fn read<T: DeserializeOwned>(text: &str) -> Result<T, ConfigError> {
    toml::from_str(text).map_err(|error| ConfigError::syntax(text, &error))
}

#[cfg(test)]
mod tests;
