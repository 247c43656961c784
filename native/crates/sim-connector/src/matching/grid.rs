//! Whole numbers of ticks or lots, so that sums of quantities and comparisons of prices are exact.

/// A tick or lot size.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Grid {
    size: f64,
    /// Units in 1, when that is a whole number: dividing by it gives the nearest double (0.3, not 0.30000000000000004).
    per_one: Option<f64>,
}

/// How far from a whole number of units a value may be, in units, and still count as on the grid; the second part, per
/// unit, is what rounding of large values adds.
const TOLERANCE: f64 = 1e-6;
const ROUNDING: f64 = 1e-12;

impl Grid {
    /// A grid of the given size, above 0.
    pub fn new(size: f64) -> Self {
        let per_one = (1.0 / size).round();
        let whole = per_one >= 1.0 && (per_one * size - 1.0).abs() < 1e-9;
        Self {
            size,
            per_one: whole.then_some(per_one),
        }
    }

    /// The nearest number of units.
    pub fn units(&self, value: f64) -> i64 {
        (value / self.size).round() as i64
    }

    /// The number of units, when the value lies on the grid.
    pub fn exact_units(&self, value: f64) -> Option<i64> {
        let units = value / self.size;
        let off = (units - units.round()).abs();
        (off <= TOLERANCE + ROUNDING * units.abs()).then(|| units.round() as i64)
    }

    /// The value of a number of units.
    pub fn value(&self, units: i64) -> f64 {
        match self.per_one {
            Some(per_one) => units as f64 / per_one,
            None => units as f64 * self.size,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_have_no_dust() {
        let grid = Grid::new(0.1);
        assert_eq!(grid.value(3), 0.3);
        assert_eq!(grid.value(-7), -0.7);
        assert_eq!(Grid::new(0.25).value(3), 0.75);
        assert_eq!(Grid::new(5.0).value(3), 15.0);
        assert_eq!(Grid::new(0.3).units(0.9), 3);
    }

    #[test]
    fn what_lies_between_units_is_off_the_grid() {
        let grid = Grid::new(0.001);
        assert_eq!(grid.exact_units(61_800.123), Some(61_800_123));
        assert_eq!(grid.exact_units(0.0015), None);
        assert_eq!(grid.exact_units(61_800.123_4), None);
        assert_eq!(grid.exact_units(f64::NAN), None);
        assert_eq!(grid.exact_units(f64::INFINITY), None);
    }
}
