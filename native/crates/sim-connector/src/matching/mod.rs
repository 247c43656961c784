//! The simulated exchange's order matching for one instrument.

mod engine;
mod grid;
mod order;

pub use self::{
    engine::{Engine, FillLimits, Update},
    grid::Grid,
};

#[cfg(test)]
mod tests;
