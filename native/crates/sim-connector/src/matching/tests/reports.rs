//! Splits, times and positions.

use hftbacktest::types::{
    OrdType, Order, Side,
    Status::{Filled, PartiallyFilled},
    TimeInForce::GTC,
};

use super::{Exchange, executed};
use crate::matching::{FillLimits, Update};

#[test]
fn the_largest_execution_splits_fills() {
    let mut exchange = Exchange::with_limits(FillLimits {
        max_lots: 4,
        ..FillLimits::default()
    });
    exchange.limit(1, Side::Buy, 101, 1.0, GTC);
    let fills: Vec<f64> = exchange.reports()[1..]
        .iter()
        .map(|(_, report)| report.exec)
        .collect();
    assert_eq!(fills, [0.4, 0.4, 0.2]);
    assert_eq!(exchange.engine.fills(), 3);
}

#[test]
fn the_largest_share_leaves_an_order_partially_filled() {
    let mut exchange = Exchange::with_limits(FillLimits {
        max_share: 0.5,
        ..FillLimits::default()
    });
    exchange.limit(1, Side::Buy, 101, 1.0, GTC);
    exchange.trade(Side::Sell, 90, 9.0);
    exchange.show(Side::Sell, 99, 9.0);
    assert_eq!(
        exchange.reports()[1..],
        [(1, executed(PartiallyFilled, 0.5, 101, 0.5, false))]
    );
    assert!(exchange.engine.contains(1));
}

#[test]
fn exchange_times_of_an_order_strictly_increase() {
    let mut exchange = Exchange::new();
    exchange.limit(1, Side::Buy, 102, 3.5, GTC);
    let now = exchange.time;
    let Exchange {
        engine, updates, ..
    } = &mut exchange;
    engine.cancel(1, now - 500, updates);
    let times: Vec<i64> = exchange
        .updates
        .iter()
        .filter_map(|update| match update {
            Update::Order(order) => Some(order.exch_timestamp),
            Update::Position { .. } => None,
        })
        .collect();
    assert_eq!(times.len(), 4);
    assert!(times.windows(2).all(|pair| pair[0] < pair[1]), "{times:?}");
}

#[test]
fn a_position_follows_each_execution() {
    let mut exchange = Exchange::new();
    exchange.limit(1, Side::Buy, 102, 1.5, GTC);
    let positions: Vec<f64> = exchange
        .updates
        .windows(2)
        .filter_map(|pair| match pair {
            [Update::Order(order), Update::Position { qty, exch_ts }] => {
                assert_eq!(order.exch_timestamp, *exch_ts);
                Some(*qty)
            }
            _ => None,
        })
        .collect();
    assert_eq!(positions, [1.0, 1.5]);
}

#[test]
fn an_order_with_a_tick_size_of_its_own_is_told_prices_in_it() {
    let mut exchange = Exchange::new();
    // 50.5 in ticks of 0.1.
    let order = Order::new(1, 505, 0.1, 1.0, Side::Buy, OrdType::Limit, GTC);
    let Exchange {
        engine,
        book,
        updates,
        ..
    } = &mut exchange;
    engine
        .submit(order, (101, 10), book, 5_000, updates)
        .unwrap();
    assert_eq!(
        exchange.reports()[1].1,
        executed(Filled, 1.0, 505, 0.0, false)
    );
}
