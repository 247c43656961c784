//! `[account]`: what the account holds at the start.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::ConfigError;

/// The section.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AccountConfig {
    /// Position by symbol, below 0 for a short one. A symbol that is absent has none that the connector knows of.
    pub positions: BTreeMap<String, f64>,
}

impl AccountConfig {
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        for (symbol, qty) in &self.positions {
            if !qty.is_finite() {
                return Err(ConfigError::value(
                    format!("account.positions.{symbol}"),
                    qty,
                    "expected a finite number",
                ));
            }
        }
        Ok(())
    }
}
