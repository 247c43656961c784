//! What the connector did, for its last log line.

use std::fmt::{self, Display, Formatter};

/// Counters over the process's life.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// Feed events sent to all bots: one a price level, one a trade.
    pub events: u64,
    /// Those of them that are trades.
    pub trades: u64,
    /// Registrations answered.
    pub registrations: u64,
    /// Orders that bots submitted.
    pub orders: u64,
    /// Executions of orders.
    pub fills: u64,
    /// Submissions and cancellations that were refused.
    pub refused: u64,
    /// Requests that could not be decoded or made no sense.
    pub bad_requests: u64,
}

impl Display for Stats {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "events={} trades={} registrations={} orders={} fills={} refused={} bad_requests={}",
            self.events,
            self.trades,
            self.registrations,
            self.orders,
            self.fills,
            self.refused,
            self.bad_requests
        )
    }
}
