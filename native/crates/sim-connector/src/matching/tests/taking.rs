//! Orders that take what the book shows, or may not.

use hftbacktest::types::{
    OrdType, Side,
    Status::{Expired, Filled, New, PartiallyFilled},
    TimeInForce::{FOK, GTC, GTX, IOC},
};

use super::{Exchange, executed};
use crate::refusal::Refusal;

#[test]
fn a_market_order_walks_the_book() {
    let mut exchange = Exchange::new();
    exchange
        .order(1, Side::Buy, 0, 1.5, OrdType::Market, GTC)
        .unwrap();
    let reports = exchange.reports();
    assert_eq!(reports[0].1.status, New);
    assert_eq!(
        reports[1].1,
        executed(PartiallyFilled, 1.0, 101, 0.5, false)
    );
    assert_eq!(reports[2].1, executed(Filled, 0.5, 102, 0.0, false));
    assert_eq!(reports.len(), 3);
    assert_eq!(exchange.position(), 1.5);
    assert!(exchange.engine.open_orders().is_empty());
}

#[test]
fn a_market_order_expires_where_the_book_ends() {
    let mut exchange = Exchange::new();
    exchange
        .order(1, Side::Sell, 0, 5.0, OrdType::Market, GTC)
        .unwrap();
    assert_eq!(
        exchange.statuses(),
        [New, PartiallyFilled, PartiallyFilled, Expired]
    );
    assert_eq!(exchange.position(), -3.0);
    assert!(exchange.engine.open_orders().is_empty());
}

#[test]
fn a_crossing_limit_order_takes_up_to_its_price_and_rests() {
    let mut exchange = Exchange::new();
    exchange.limit(1, Side::Buy, 101, 1.5, GTC);
    let reports = exchange.reports();
    assert_eq!(
        reports[1].1,
        executed(PartiallyFilled, 1.0, 101, 0.5, false)
    );
    assert_eq!(reports.len(), 2);
    assert_eq!(exchange.engine.open_orders()[0].leaves_qty, 0.5);
}

#[test]
fn one_order_never_takes_the_same_quantity_twice() {
    let mut exchange = Exchange::new();
    exchange.limit(1, Side::Buy, 101, 1.5, GTC);
    exchange.reports();
    exchange.show(Side::Sell, 101, 1.0);
    exchange.show(Side::Sell, 102, 4.0);
    assert_eq!(exchange.reports(), []);
    // 0.2 more than it took: 0.2 are new.
    exchange.show(Side::Sell, 101, 1.2);
    assert_eq!(
        exchange.reports(),
        [(1, executed(PartiallyFilled, 0.2, 101, 0.3, true))]
    );
    // What goes and comes back is new.
    exchange.show(Side::Sell, 101, 0.0);
    exchange.show(Side::Sell, 101, 1.0);
    assert_eq!(
        exchange.reports(),
        [(1, executed(Filled, 0.3, 101, 0.0, true))]
    );
}

#[test]
fn another_order_sees_the_public_book_unchanged() {
    let mut exchange = Exchange::new();
    exchange.limit(1, Side::Buy, 101, 1.0, GTC);
    exchange.limit(2, Side::Buy, 101, 1.0, GTC);
    assert_eq!(exchange.statuses(), [New, Filled, New, Filled]);
    assert_eq!(exchange.book.displayed(Side::Sell, 101), 10);
}

#[test]
fn post_only_rests_or_is_refused() {
    let mut exchange = Exchange::new();
    let refused = exchange.order(1, Side::Buy, 101, 0.1, OrdType::Limit, GTX);
    assert_eq!(refused, Err(Refusal::PostOnly));
    assert_eq!(exchange.reports(), []);
    exchange.limit(2, Side::Buy, 100, 0.1, GTX);
    assert_eq!(exchange.statuses(), [New]);
    assert!(exchange.engine.contains(2) && !exchange.engine.contains(1));
}

#[test]
fn fill_or_kill_fills_wholly_or_not_at_all() {
    let mut exchange = Exchange::new();
    exchange.limit(1, Side::Buy, 101, 1.1, FOK);
    assert_eq!(exchange.statuses(), [New, Expired]);
    assert_eq!(exchange.position(), 0.0);
    exchange.limit(2, Side::Buy, 102, 1.1, FOK);
    assert_eq!(exchange.statuses(), [New, PartiallyFilled, Filled]);
    assert_eq!(exchange.position(), 1.1);
}

#[test]
fn immediate_or_cancel_expires_what_is_left() {
    let mut exchange = Exchange::new();
    exchange.limit(1, Side::Buy, 101, 1.1, IOC);
    let reports = exchange.reports();
    assert_eq!(
        reports[1].1,
        executed(PartiallyFilled, 1.0, 101, 0.1, false)
    );
    assert_eq!(reports[2].1, executed(Expired, 0.0, 0, 0.1, false));
    exchange.limit(2, Side::Buy, 100, 1.0, IOC);
    assert_eq!(exchange.statuses(), [New, Expired]);
    assert!(exchange.engine.open_orders().is_empty());
}
