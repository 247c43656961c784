//! A recording of upstream's collector, replayed at a multiple of its speed.

use std::{
    fs::File,
    io::{self, BufRead, BufReader},
    path::{Path, PathBuf},
    time::Duration,
};

use flate2::bufread::MultiGzDecoder;
use tracing::error;

use super::{
    Body, Message, Source, SourceError,
    line::{self, Filter, Line},
};
use crate::config::{AtEnd, RecordingConfig};

const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];

/// Between two rounds of a looped recording, in ns of exchange time, so that the book takes the new round as newer.
const LAP_GAP_NS: i64 = 1_000_000;

/// The messages of one symbol in a file.
pub struct Recording {
    path: PathBuf,
    filter: Filter,
    speed: Option<f64>,
    repeat: bool,
    lines: Box<dyn BufRead>,
    buffer: Vec<u8>,
    line_number: u64,
    /// Times of this round.
    round: Round,
    /// Added to exchange times, by the rounds before.
    exch_shift: i64,
    /// Added to due times, by the rounds before.
    due_shift: Duration,
    restart: bool,
    messages: u64,
    other: u64,
    damaged: u64,
}

/// First and last times that one round through the file has seen.
#[derive(Debug, Default)]
struct Round {
    first_local: Option<i64>,
    first_exch: i64,
    last_exch: i64,
    last_due: Duration,
}

impl Recording {
    /// Opens the file, plain or gzip.
    pub fn open(config: &RecordingConfig) -> Result<Self, SourceError> {
        let symbol = config.recorded_symbol.as_ref().unwrap_or(&config.symbol);
        Ok(Self {
            path: config.file.clone(),
            filter: Filter {
                symbol: symbol.clone(),
                book_ticker: config.book_ticker,
            },
            speed: config.speed,
            repeat: config.at_end == AtEnd::Loop,
            lines: open(&config.file)?,
            buffer: Vec::new(),
            line_number: 0,
            round: Round::default(),
            exch_shift: 0,
            due_shift: Duration::ZERO,
            restart: false,
            messages: 0,
            other: 0,
            damaged: 0,
        })
    }

    /// The next market message of this round; damaged lines are told and passed over.
    fn next_in_round(&mut self) -> Option<(i64, i64, Body)> {
        loop {
            self.line_number += 1;
            self.buffer.clear();
            match self.lines.read_until(b'\n', &mut self.buffer) {
                Ok(0) => return None,
                Ok(_) => {}
                Err(error) => {
                    self.damaged += 1;
                    error!(line = self.line_number, path = ?self.path, %error, "The recording ends in a damaged part.");
                    return None;
                }
            }
            match line::parse(self.buffer.trim_ascii_end(), &self.filter) {
                Ok(Line::Market {
                    local_ts,
                    exch_ts,
                    body,
                }) => return Some((local_ts, exch_ts, body)),
                Ok(Line::Other) => self.other += 1,
                Err(error) => {
                    self.damaged += 1;
                    error!(line = self.line_number, path = ?self.path, %error, "Damaged line in the recording.");
                }
            }
        }
    }

    fn message(&mut self, local_ts: i64, exch_ts: i64, body: Body) -> Message {
        let first_local = *self.round.first_local.get_or_insert_with(|| {
            self.round.first_exch = exch_ts;
            local_ts
        });
        self.round.last_exch = self.round.last_exch.max(exch_ts);
        // A local clock that was set back must not turn the order of messages round.
        let offset = Duration::from_nanos(local_ts.saturating_sub(first_local).max(0) as u64);
        let due = match self.speed {
            Some(speed) => offset.div_f64(speed).max(self.round.last_due),
            None => Duration::ZERO,
        };
        self.round.last_due = due;
        self.messages += 1;
        Message {
            due: self.due_shift + due,
            exch_ts: Some(exch_ts + self.exch_shift),
            body,
        }
    }

    /// Goes back to the first line. False when the round brought nothing, or the file is gone.
    fn rewind(&mut self) -> bool {
        if self.round.first_local.is_none() {
            return false;
        }
        match open(&self.path) {
            Ok(lines) => self.lines = lines,
            Err(error) => {
                error!(%error, "The recording cannot be opened again.");
                return false;
            }
        }
        let round = std::mem::take(&mut self.round);
        self.exch_shift += round.last_exch - round.first_exch + LAP_GAP_NS;
        self.due_shift += round.last_due;
        self.line_number = 0;
        self.restart = true;
        true
    }
}

impl Source for Recording {
    fn next(&mut self) -> Option<Message> {
        if std::mem::take(&mut self.restart) {
            return Some(Message {
                due: self.due_shift,
                exch_ts: None,
                body: Body::Restart,
            });
        }
        match self.next_in_round() {
            Some((local_ts, exch_ts, body)) => Some(self.message(local_ts, exch_ts, body)),
            None if self.repeat && self.rewind() => self.next(),
            None => None,
        }
    }

    fn remarks(&self) -> String {
        format!(
            "messages={} other_lines={} damaged_lines={}",
            self.messages, self.other, self.damaged
        )
    }
}

fn open(path: &Path) -> Result<Box<dyn BufRead>, SourceError> {
    reader(path).map_err(|error| SourceError::Open {
        path: path.to_owned(),
        error,
    })
}

fn reader(path: &Path) -> io::Result<Box<dyn BufRead>> {
    let mut file = BufReader::new(File::open(path)?);
    if file.fill_buf()?.starts_with(&GZIP_MAGIC) {
        Ok(Box::new(BufReader::with_capacity(
            1 << 16,
            MultiGzDecoder::new(file),
        )))
    } else {
        Ok(Box::new(file))
    }
}

#[cfg(test)]
mod tests {
    use std::{env, fs, process};

    use super::*;
    use crate::config::{Config, SourceConfig};

    /// A file that goes with its owner.
    struct Temporary(PathBuf);

    impl Temporary {
        fn new(name: &str, content: &[u8]) -> Self {
            let name = format!("sim-connector-unit-{}-{name}", process::id());
            let path = env::temp_dir().join(name);
            fs::write(&path, content).unwrap();
            Self(path)
        }

        fn open(&self, more: &str) -> Recording {
            let text = format!(
                "[source]\nkind = \"recording\"\nfile = {:?}\nsymbol = \"a\"\n{more}",
                self.0.to_str().unwrap()
            );
            match Config::parse(&text).unwrap().source {
                SourceConfig::Recording(config) => Recording::open(&config).unwrap(),
                SourceConfig::Synthetic(_) => unreachable!(),
            }
        }
    }

    impl Drop for Temporary {
        fn drop(&mut self) {
            let _ = fs::remove_file(&self.0);
        }
    }

    /// A trade at local time `ms`, 7 ms later on the exchange.
    fn trade(ms: i64) -> String {
        format!(
            r#"{}000000 {{"stream":"a@trade","data":{{"E":1,"T":{},"s":"A","p":"1","q":"1","X":"MARKET","m":true}}}}{}"#,
            ms,
            ms + 7,
            "\n"
        )
    }

    fn dues(source: &mut Recording) -> Vec<u64> {
        std::iter::from_fn(|| source.next())
            .map(|message| message.due.as_millis() as u64)
            .collect()
    }

    #[test]
    fn messages_are_due_as_they_came_at_the_speed() {
        let lines = trade(1_000) + &trade(1_100) + &trade(1_050) + &trade(1_400);
        let file = Temporary::new("speed", lines.as_bytes());
        // The third came when the clock had been set back.
        assert_eq!(dues(&mut file.open("")), [0, 100, 100, 400]);
        assert_eq!(dues(&mut file.open("speed = 20\n")), [0, 5, 5, 20]);
        assert_eq!(dues(&mut file.open("speed = \"max\"\n")), [0, 0, 0, 0]);
    }

    #[test]
    fn damaged_and_other_lines_are_counted() {
        let lines = trade(1) + "2 {\"result\":null}\n" + "oops\n\n" + &trade(3);
        let file = Temporary::new("damaged", lines.as_bytes());
        let mut recording = file.open("");
        assert_eq!(dues(&mut recording).len(), 2);
        assert_eq!(
            recording.remarks(),
            "messages=2 other_lines=1 damaged_lines=2"
        );
    }

    #[test]
    fn a_gzip_file_that_was_cut_off_ends_where_it_breaks() {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::none());
        for ms in 0..2_000 {
            io::Write::write_all(&mut encoder, trade(ms).as_bytes()).unwrap();
        }
        let whole = encoder.finish().unwrap();
        let file = Temporary::new("cut", &whole[..whole.len() / 2]);
        let mut recording = file.open("");
        let number = dues(&mut recording).len();
        assert!(number > 100 && number < 1_100, "{number}");
        assert!(recording.remarks().ends_with("damaged_lines=1"));
    }

    #[test]
    fn a_loop_restarts_the_book_and_goes_on_in_time() {
        let file = Temporary::new("loop", (trade(10) + &trade(30)).as_bytes());
        let mut recording = file.open("at_end = \"loop\"\n");
        let messages: Vec<Message> = std::iter::from_fn(|| recording.next()).take(6).collect();
        let restarts: Vec<bool> = messages
            .iter()
            .map(|message| message.body == Body::Restart)
            .collect();
        assert_eq!(restarts, [false, false, true, false, false, true]);
        let dues: Vec<u128> = messages.iter().map(|m| m.due.as_millis()).collect();
        assert_eq!(dues, [0, 20, 20, 20, 40, 40]);
        let times: Vec<i64> = messages
            .iter()
            .filter_map(|message| message.exch_ts)
            .map(|time| time / 1_000_000)
            .collect();
        assert_eq!(times, [17, 37, 38, 58]);
    }

    #[test]
    fn a_loop_without_messages_ends() {
        let file = Temporary::new("empty", b"1 {}\n");
        assert_eq!(file.open("at_end = \"loop\"\n").next(), None);
    }
}
