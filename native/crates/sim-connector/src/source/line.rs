//! One line of a recording: `<local time in ns> <JSON>`, the JSON being a combined-stream envelope or a REST snapshot.

use hftbacktest::types::Side;
use serde::Deserialize;
use serde_json::value::RawValue;
use thiserror::Error;

use super::{Body, Level};

/// A line that is of use, or is not.
#[derive(Debug, PartialEq)]
pub enum Line {
    /// A market message.
    Market {
        local_ts: i64,
        exch_ts: i64,
        body: Body,
    },
    /// Another symbol, another stream, an answer to a subscription.
    Other,
}

/// Why a line cannot be used.
#[derive(Debug, Error)]
pub enum LineError {
    #[error("not UTF-8")]
    Encoding,
    #[error("no local time before the JSON")]
    LocalTime,
    #[error("{0}")]
    Json(#[from] serde_json::Error),
    #[error("{key}: {value:?} is no number of 0 or more")]
    Number { key: &'static str, value: String },
}

/// Which lines are wanted.
#[derive(Debug)]
pub struct Filter {
    /// Symbol as it stands in the messages; case does not matter.
    pub symbol: String,
    pub book_ticker: bool,
}

#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow)]
    stream: Option<&'a str>,
    #[serde(borrow)]
    data: Option<&'a RawValue>,
    #[serde(borrow, rename = "lastUpdateId")]
    last_update_id: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Depth<'a> {
    #[serde(rename = "E")]
    event_time: i64,
    #[serde(rename = "T")]
    transaction_time: Option<i64>,
    #[serde(rename = "s")]
    symbol: &'a str,
    #[serde(borrow, rename = "b")]
    bids: Vec<(&'a str, &'a str)>,
    #[serde(borrow, rename = "a")]
    asks: Vec<(&'a str, &'a str)>,
}

#[derive(Deserialize)]
struct Trade<'a> {
    #[serde(rename = "E")]
    event_time: i64,
    #[serde(rename = "T")]
    transaction_time: Option<i64>,
    #[serde(rename = "s")]
    symbol: &'a str,
    #[serde(rename = "p")]
    price: &'a str,
    #[serde(rename = "q")]
    qty: &'a str,
    /// Absent on spot, where every trade is a market trade.
    #[serde(rename = "X")]
    kind: Option<&'a str>,
    #[serde(rename = "m")]
    buyer_is_maker: bool,
}

#[derive(Deserialize)]
struct BookTicker<'a> {
    #[serde(rename = "T")]
    transaction_time: i64,
    #[serde(rename = "s")]
    symbol: &'a str,
    #[serde(rename = "b")]
    bid: &'a str,
    #[serde(rename = "B")]
    bid_qty: &'a str,
    #[serde(rename = "a")]
    ask: &'a str,
    #[serde(rename = "A")]
    ask_qty: &'a str,
}

#[derive(Deserialize)]
struct Snapshot<'a> {
    #[serde(rename = "T")]
    transaction_time: Option<i64>,
    #[serde(borrow)]
    bids: Vec<(&'a str, &'a str)>,
    #[serde(borrow)]
    asks: Vec<(&'a str, &'a str)>,
}

const NS_PER_MS: i64 = 1_000_000;

/// Parses a line without its line break.
pub fn parse(line: &[u8], filter: &Filter) -> Result<Line, LineError> {
    let text = std::str::from_utf8(line).map_err(|_| LineError::Encoding)?;
    let (local, json) = text.split_once(' ').ok_or(LineError::LocalTime)?;
    let local_ts: i64 = local.parse().map_err(|_| LineError::LocalTime)?;
    let envelope: Envelope = serde_json::from_str(json)?;
    let market = match (envelope.stream, envelope.data) {
        (Some(stream), Some(data)) => stream_message(stream, data.get(), filter)?,
        _ if envelope.last_update_id.is_some() => Some(snapshot(json, local_ts)?),
        _ => None,
    };
    Ok(match market {
        Some((exch_ts, body)) => Line::Market {
            local_ts,
            exch_ts,
            body,
        },
        None => Line::Other,
    })
}

fn stream_message(
    stream: &str,
    data: &str,
    filter: &Filter,
) -> Result<Option<(i64, Body)>, LineError> {
    let channel = stream.split_once('@').map_or("", |(_, channel)| channel);
    match channel {
        "trade" => trade(data, filter),
        "bookTicker" if filter.book_ticker => book_ticker(data, filter),
        channel if channel == "depth" || channel.starts_with("depth@") => depth(data, filter),
        _ => Ok(None),
    }
}

fn trade(data: &str, filter: &Filter) -> Result<Option<(i64, Body)>, LineError> {
    let trade: Trade = serde_json::from_str(data)?;
    if !filter.wants(trade.symbol) || trade.kind.is_some_and(|kind| kind != "MARKET") {
        return Ok(None);
    }
    let side = if trade.buyer_is_maker {
        Side::Sell
    } else {
        Side::Buy
    };
    let level = level(side, trade.price, trade.qty)?;
    let time = trade.transaction_time.unwrap_or(trade.event_time);
    Ok(Some((time * NS_PER_MS, Body::Trade(level))))
}

fn depth(data: &str, filter: &Filter) -> Result<Option<(i64, Body)>, LineError> {
    let depth: Depth = serde_json::from_str(data)?;
    if !filter.wants(depth.symbol) {
        return Ok(None);
    }
    let time = depth.transaction_time.unwrap_or(depth.event_time);
    let levels = levels(&depth.bids, &depth.asks)?;
    Ok(Some((time * NS_PER_MS, Body::Depth(levels))))
}

fn book_ticker(data: &str, filter: &Filter) -> Result<Option<(i64, Body)>, LineError> {
    let ticker: BookTicker = serde_json::from_str(data)?;
    if !filter.wants(ticker.symbol) {
        return Ok(None);
    }
    let levels = vec![
        level(Side::Buy, ticker.bid, ticker.bid_qty)?,
        level(Side::Sell, ticker.ask, ticker.ask_qty)?,
    ];
    Ok(Some((
        ticker.transaction_time * NS_PER_MS,
        Body::BestPrices(levels),
    )))
}

/// A REST snapshot names no symbol: a collector's file holds one. Spot sends no time either.
fn snapshot(json: &str, local_ts: i64) -> Result<(i64, Body), LineError> {
    let snapshot: Snapshot = serde_json::from_str(json)?;
    let time = snapshot
        .transaction_time
        .map_or(local_ts, |time| time * NS_PER_MS);
    Ok((time, Body::Depth(levels(&snapshot.bids, &snapshot.asks)?)))
}

impl Filter {
    fn wants(&self, symbol: &str) -> bool {
        self.symbol.eq_ignore_ascii_case(symbol)
    }
}

fn levels(bids: &[(&str, &str)], asks: &[(&str, &str)]) -> Result<Vec<Level>, LineError> {
    let bids = bids.iter().map(|(px, qty)| level(Side::Buy, px, qty));
    let asks = asks.iter().map(|(px, qty)| level(Side::Sell, px, qty));
    bids.chain(asks).collect()
}

fn level(side: Side, px: &str, qty: &str) -> Result<Level, LineError> {
    Ok(Level {
        side,
        px: number("price", px)?,
        qty: number("quantity", qty)?,
    })
}

fn number(key: &'static str, text: &str) -> Result<f64, LineError> {
    match text.parse::<f64>() {
        Ok(value) if value.is_finite() && value >= 0.0 => Ok(value),
        _ => Err(LineError::Number {
            key,
            value: text.to_owned(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filter() -> Filter {
        Filter {
            symbol: "xyzusdt".to_owned(),
            book_ticker: false,
        }
    }

    fn parsed(line: &str) -> Line {
        parse(line.as_bytes(), &filter()).unwrap()
    }

    fn trade_line(kind: &str, buyer_is_maker: bool) -> String {
        format!(
            r#"5000000007 {{"stream":"xyzusdt@trade","data":{{"e":"trade","E":12,"T":11,"s":"XYZUSDT","t":1,"p":"2.5","q":"4","X":"{kind}","m":{buyer_is_maker}}}}}"#
        )
    }

    #[test]
    fn a_trade_has_the_side_of_its_aggressor() {
        for (buyer_is_maker, side) in [(true, Side::Sell), (false, Side::Buy)] {
            let expected = Line::Market {
                local_ts: 5_000_000_007,
                exch_ts: 11_000_000,
                body: Body::Trade(Level {
                    side,
                    px: 2.5,
                    qty: 4.0,
                }),
            };
            assert_eq!(parsed(&trade_line("MARKET", buyer_is_maker)), expected);
        }
    }

    #[test]
    fn only_market_trades_count() {
        assert_eq!(parsed(&trade_line("INSURANCE_FUND", true)), Line::Other);
    }

    #[test]
    fn a_depth_message_has_bids_then_asks() {
        let line = r#"9 {"stream":"xyzusdt@depth@0ms","data":{"e":"depthUpdate","E":4,"T":3,"s":"XYZUSDT","U":1,"u":2,"pu":0,"b":[["1.5","2"],["1.4","0"]],"a":[["1.6","7"]]}}"#;
        let Line::Market { exch_ts, body, .. } = parsed(line) else {
            panic!("not a market message");
        };
        assert_eq!(exch_ts, 3_000_000);
        let bid = |px, qty| Level {
            side: Side::Buy,
            px,
            qty,
        };
        let ask = Level {
            side: Side::Sell,
            px: 1.6,
            qty: 7.0,
        };
        assert_eq!(body, Body::Depth(vec![bid(1.5, 2.0), bid(1.4, 0.0), ask]));
    }

    #[test]
    fn a_bare_snapshot_is_a_depth_message() {
        let line = r#"9 {"lastUpdateId":8,"E":6,"T":5,"bids":[["1","2"]],"asks":[]}"#;
        let expected = Line::Market {
            local_ts: 9,
            exch_ts: 5_000_000,
            body: Body::Depth(vec![Level {
                side: Side::Buy,
                px: 1.0,
                qty: 2.0,
            }]),
        };
        assert_eq!(parsed(line), expected);
    }

    #[test]
    fn a_book_ticker_is_left_out_unless_asked_for() {
        let line = br#"9 {"stream":"xyzusdt@bookTicker","data":{"e":"bookTicker","u":1,"s":"XYZUSDT","b":"1","B":"2","a":"3","A":"4","T":5,"E":6}}"#;
        assert_eq!(parse(line, &filter()).unwrap(), Line::Other);
        let wanted = Filter {
            book_ticker: true,
            ..filter()
        };
        assert!(matches!(
            parse(line, &wanted).unwrap(),
            Line::Market { body: Body::BestPrices(levels), .. } if levels.len() == 2
        ));
    }

    #[test]
    fn other_symbols_and_answers_are_left_out() {
        let other = trade_line("MARKET", true).replace("XYZUSDT", "ABCUSDT");
        assert_eq!(parsed(&other), Line::Other);
        assert_eq!(parsed(r#"9 {"result":null,"id":"1"}"#), Line::Other);
    }

    #[test]
    fn damaged_lines_say_what_is_wrong() {
        let error = |line: &[u8]| parse(line, &filter()).unwrap_err().to_string();
        assert!(error(b"").contains("local time"));
        assert!(error(b"x {}").contains("local time"));
        assert!(error(b"9 {\"stream\":").contains("EOF"));
        assert!(error(&[0xff, 0xfe]).contains("UTF-8"));
        let negative = trade_line("MARKET", true).replace("\"4\"", "\"-4\"");
        assert!(error(negative.as_bytes()).contains("quantity: \"-4\""));
        let text = trade_line("MARKET", true).replace("\"2.5\"", "\"cheap\"");
        assert!(error(text.as_bytes()).contains("price: \"cheap\""));
        let missing = trade_line("MARKET", true).replace("\"p\"", "\"P\"");
        assert!(error(missing.as_bytes()).contains("`p`"));
    }
}
