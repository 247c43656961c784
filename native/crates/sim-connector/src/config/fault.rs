//! `[fault]`: ways to misbehave.

use serde::Deserialize;

use super::ConfigError;

/// Kinds of bytes that no bot can decode.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MalformedKind {
    /// A variant number that does not exist.
    #[default]
    Variant,
    /// A feed event without its last bytes.
    Truncated,
    /// A symbol that is not UTF-8.
    Utf8,
}

/// Kinds of `LiveEvent::Error`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorKindName {
    ConnectionInterrupted,
    CriticalConnectionError,
    OrderError,
    Custom,
}

/// The section. Numbers of events count feed events sent to all bots.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FaultConfig {
    pub ignore_sigterm: bool,
    pub hang_on_sigterm: bool,
    pub exit_after_events: Option<u64>,
    pub exit_code: i32,
    pub panic_after_events: Option<u64>,
    pub silent_after_events: Option<u64>,
    pub delay_us: u64,
    pub malformed_after_events: Option<u64>,
    pub malformed_every: Option<u64>,
    pub malformed_kind: MalformedKind,
    pub live_error_after_events: Option<u64>,
    pub live_error_kinds: Vec<ErrorKindName>,
    pub live_error_code: i64,
    pub live_error_message: String,
    pub refuse_register: bool,
}

impl Default for FaultConfig {
    fn default() -> Self {
        Self {
            ignore_sigterm: false,
            hang_on_sigterm: false,
            exit_after_events: None,
            exit_code: 1,
            panic_after_events: None,
            silent_after_events: None,
            delay_us: 0,
            malformed_after_events: None,
            malformed_every: None,
            malformed_kind: MalformedKind::default(),
            live_error_after_events: None,
            live_error_kinds: vec![
                ErrorKindName::ConnectionInterrupted,
                ErrorKindName::CriticalConnectionError,
                ErrorKindName::OrderError,
                ErrorKindName::Custom,
            ],
            live_error_code: -1000,
            live_error_message: "simulated".to_owned(),
            refuse_register: false,
        }
    }
}

impl FaultConfig {
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        if self.ignore_sigterm && self.hang_on_sigterm {
            return Err(ConfigError::value(
                "fault.hang_on_sigterm",
                true,
                "does not go with fault.ignore_sigterm",
            ));
        }
        if self.malformed_every == Some(0) {
            return Err(ConfigError::value(
                "fault.malformed_every",
                0,
                "expected at least 1",
            ));
        }
        Ok(())
    }
}
