//! What is checked before an order leaves: the rules of lib/bot/order_request.ts.

use hftbacktest::types::{OrdType, TimeInForce};

use crate::error::{Code, Failure};

/// Ticks and lots beyond this cannot be told apart as doubles.
const MAX_STEPS: f64 = (1u64 << 52) as f64;
/// How far from a whole number of steps a price or quantity may lie, for 0.1 + 0.2.
const GRID_TOLERANCE: f64 = 1e-6;

/// Checks an order's fields; returns its codes as upstream's types.
pub fn check_order(
    (tick_size, lot_size): (f64, f64),
    price: f64,
    qty: f64,
    time_in_force: u8,
    order_type: u8,
) -> Result<(TimeInForce, OrdType), Failure> {
    let order_type = match order_type {
        0 => OrdType::Limit,
        1 => OrdType::Market,
        other => return refuse("order_type", other, "0 (limit) or 1 (market)"),
    };
    let time_in_force = match time_in_force {
        0 => TimeInForce::GTC,
        1 => TimeInForce::GTX,
        2 => TimeInForce::FOK,
        3 => TimeInForce::IOC,
        other => {
            return refuse(
                "time_in_force",
                other,
                "0 (GTC), 1 (GTX), 2 (FOK) or 3 (IOC)",
            );
        }
    };
    if order_type == OrdType::Limit {
        check_grid("price", price, "tick size", tick_size)?;
    } else if !(price.is_finite() && price >= 0.0 && price / tick_size <= MAX_STEPS) {
        return refuse(
            "price",
            price,
            "a number of at least 0 (a market order does not use it)",
        );
    }
    check_grid("qty", qty, "lot size", lot_size)?;
    Ok((time_in_force, order_type))
}

fn check_grid(field: &str, value: f64, step_name: &str, step: f64) -> Result<(), Failure> {
    if !(value.is_finite() && value > 0.0) {
        return refuse(field, value, "a positive number");
    }
    let steps = value / step;
    let whole = steps.round();
    if steps > MAX_STEPS || (steps - whole).abs() > GRID_TOLERANCE || whole == 0.0 {
        return refuse(
            field,
            value,
            &format!("a multiple of the {step_name} {step}"),
        );
    }
    Ok(())
}

fn refuse<T>(field: &str, value: impl std::fmt::Display, expected: &str) -> Result<T, Failure> {
    Err(Failure::new(
        Code::InvalidOrderRequest,
        format!("Cannot submit order: {field} = {value}, expected {expected}"),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    const GRID: (f64, f64) = (0.1, 0.001);

    #[test]
    fn accepts_what_lies_on_the_grid() {
        assert_eq!(
            check_order(GRID, 0.1 + 0.2, 0.003, 1, 0).unwrap(),
            (TimeInForce::GTX, OrdType::Limit)
        );
        assert!(check_order(GRID, 100_000.1, 12.345, 0, 0).is_ok());
        assert!(
            check_order(GRID, 0.0, 0.001, 3, 1).is_ok(),
            "a market order has no price"
        );
    }

    #[test]
    fn names_field_and_value() {
        for (price, qty, tif, order_type, expected) in [
            (100.05, 1.0, 0, 0, "price = 100.05"),
            (-1.0, 1.0, 0, 0, "price = -1"),
            (0.0, 1.0, 0, 0, "price = 0"),
            (f64::NAN, 1.0, 0, 0, "price = NaN"),
            (f64::NAN, 1.0, 0, 1, "price = NaN"),
            (-0.1, 1.0, 0, 1, "price = -0.1"),
            (1e300, 1.0, 0, 0, "price = "),
            (1e300, 1.0, 0, 1, "price = "),
            (100.0, 0.0005, 0, 0, "qty = 0.0005"),
            (100.0, 0.0, 0, 0, "qty = 0"),
            (100.0, f64::INFINITY, 0, 0, "qty = inf"),
            (100.0, 1e-12, 0, 0, "qty = 0.000000000001"),
            (100.0, 1.0, 4, 0, "time_in_force = 4"),
            (100.0, 1.0, 255, 0, "time_in_force = 255"),
            (100.0, 1.0, 0, 2, "order_type = 2"),
        ] {
            let failure = check_order(GRID, price, qty, tif, order_type).unwrap_err();
            assert_eq!(failure.code, Code::InvalidOrderRequest);
            assert!(failure.text.contains(expected), "{}", failure.text);
        }
    }
}
