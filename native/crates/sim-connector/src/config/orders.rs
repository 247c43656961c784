//! `[orders]`: the simulated exchange's treatment of orders.

use serde::Deserialize;

use super::{
    ConfigError,
    source::{above_zero, share},
};

/// The section.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct OrdersConfig {
    /// Microseconds from a request's arrival to its processing by the exchange.
    pub order_latency_us: u64,
    /// Share of submissions refused at random.
    pub reject_rate: f64,
    /// Seed of those refusals.
    pub seed: u64,
    /// Largest quantity of one execution: larger ones are reported in parts. `None` does not limit.
    pub max_fill_qty: Option<f64>,
    /// Share of an order's quantity after which it is filled no further and stays open.
    pub max_filled_share: f64,
    /// Whether every registration of a symbol cancels its open orders.
    pub cancel_orders_on_register: bool,
}

impl Default for OrdersConfig {
    fn default() -> Self {
        Self {
            order_latency_us: 0,
            reject_rate: 0.0,
            seed: 1,
            max_fill_qty: None,
            max_filled_share: 1.0,
            cancel_orders_on_register: false,
        }
    }
}

impl OrdersConfig {
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        share("orders.reject_rate", self.reject_rate)?;
        share("orders.max_filled_share", self.max_filled_share)?;
        match self.max_fill_qty {
            Some(qty) => above_zero("orders.max_fill_qty", qty),
            None => Ok(()),
        }
    }
}
