//! Orders that wait in the queue.

use hftbacktest::types::{
    Side,
    Status::{Canceled, Filled, PartiallyFilled},
    TimeInForce::GTC,
};

use super::{Exchange, executed};

#[test]
fn a_resting_order_waits_behind_what_was_there() {
    let mut exchange = Exchange::new();
    exchange.limit(1, Side::Buy, 100, 0.5, GTC);
    exchange.reports();
    exchange.trade(Side::Sell, 100, 0.7);
    assert_eq!(exchange.reports(), []);
    exchange.trade(Side::Sell, 100, 0.5);
    assert_eq!(
        exchange.reports(),
        [(1, executed(PartiallyFilled, 0.2, 100, 0.3, true))]
    );
    exchange.trade(Side::Sell, 100, 5.0);
    assert_eq!(
        exchange.reports(),
        [(1, executed(Filled, 0.3, 100, 0.0, true))]
    );
    assert_eq!(exchange.position(), 0.5);
}

#[test]
fn trades_of_the_other_side_and_at_other_prices_leave_it_alone() {
    let mut exchange = Exchange::new();
    exchange.limit(1, Side::Buy, 100, 0.5, GTC);
    exchange.limit(2, Side::Sell, 101, 0.5, GTC);
    exchange.reports();
    exchange.trade(Side::Buy, 100, 9.0);
    exchange.trade(Side::Sell, 101, 9.0);
    assert_eq!(exchange.reports(), []);
}

#[test]
fn a_shrinking_level_moves_the_order_forward() {
    let mut exchange = Exchange::new();
    exchange.limit(1, Side::Sell, 101, 0.5, GTC);
    exchange.show(Side::Sell, 101, 0.1);
    exchange.show(Side::Sell, 101, 3.0);
    exchange.reports();
    exchange.trade(Side::Buy, 101, 0.2);
    assert_eq!(
        exchange.reports(),
        [(1, executed(PartiallyFilled, 0.1, 101, 0.4, true))]
    );
}

#[test]
fn a_trade_through_the_price_fills_it_at_its_price() {
    let mut exchange = Exchange::new();
    exchange.limit(1, Side::Buy, 100, 0.5, GTC);
    exchange.limit(2, Side::Sell, 101, 0.5, GTC);
    exchange.reports();
    exchange.trade(Side::Sell, 99, 0.1);
    exchange.trade(Side::Buy, 102, 0.1);
    assert_eq!(
        exchange.reports(),
        [
            (1, executed(Filled, 0.5, 100, 0.0, true)),
            (2, executed(Filled, 0.5, 101, 0.0, true))
        ]
    );
    assert_eq!(exchange.position(), 0.0);
}

#[test]
fn own_orders_at_one_price_are_served_in_order_of_arrival() {
    let mut exchange = Exchange::new();
    exchange.limit(1, Side::Buy, 100, 0.5, GTC);
    exchange.limit(2, Side::Buy, 100, 0.5, GTC);
    exchange.reports();
    // 1.0 of others, 0.5 of the first, 0.1 left for the second.
    exchange.trade(Side::Sell, 100, 1.6);
    assert_eq!(
        exchange.reports(),
        [
            (1, executed(Filled, 0.5, 100, 0.0, true)),
            (2, executed(PartiallyFilled, 0.1, 100, 0.4, true))
        ]
    );
}

#[test]
fn the_opposite_best_crossing_the_price_fills_it_up_to_what_it_shows() {
    let mut exchange = Exchange::new();
    exchange.limit(1, Side::Buy, 100, 1.0, GTC);
    exchange.reports();
    exchange.show(Side::Sell, 99, 0.4);
    assert_eq!(
        exchange.reports(),
        [(1, executed(PartiallyFilled, 0.4, 100, 0.6, true))]
    );
}

#[test]
fn a_cancelled_order_is_gone() {
    let mut exchange = Exchange::new();
    exchange.limit(1, Side::Buy, 100, 0.5, GTC);
    exchange.reports();
    let Exchange {
        engine, updates, ..
    } = &mut exchange;
    assert!(engine.cancel(1, 5_000, updates));
    assert!(!engine.cancel(1, 5_000, updates));
    assert_eq!(
        exchange.reports(),
        [(1, executed(Canceled, 0.0, 0, 0.5, false))]
    );
    exchange.trade(Side::Sell, 99, 9.0);
    assert_eq!(exchange.reports(), []);
}

#[test]
fn all_orders_can_be_cancelled() {
    let mut exchange = Exchange::new();
    exchange.limit(1, Side::Buy, 100, 0.5, GTC);
    exchange.limit(2, Side::Sell, 101, 0.5, GTC);
    exchange.reports();
    let Exchange {
        engine, updates, ..
    } = &mut exchange;
    engine.cancel_all(5_000, updates);
    assert_eq!(exchange.statuses(), [Canceled, Canceled]);
    assert!(exchange.engine.open_orders().is_empty());
}
