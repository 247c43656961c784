//! The connector's end of a channel.

use std::{
    error::Error,
    thread,
    time::{Duration, Instant},
};

use hftbacktest::{
    live::ipc::iceoryx::{IceoryxBuilder, IceoryxReceiver, IceoryxSender},
    types::{LiveEvent, LiveRequest},
};
use serde_json::json;

use crate::wire::PATIENCE;

/// The connector's end of a channel.
pub struct Connector {
    /// From bots.
    pub requests: IceoryxReceiver<LiveRequest>,
    /// To bots.
    pub events: IceoryxSender<LiveEvent>,
}

impl Connector {
    /// Opens it, and says so: upstream's bot registers once, so it must not start before.
    pub fn open(name: &str) -> Result<Self, Box<dyn Error>> {
        let requests = IceoryxBuilder::new(name).bot(false).receiver()?;
        let events = IceoryxBuilder::new(name).bot(false).sender()?;
        println!("{}", json!({ "listening": true }));
        Ok(Self { requests, events })
    }

    /// Answers so many registrations, each with an empty book.
    pub fn answer_registrations(&self, count: usize) -> Result<(), Box<dyn Error>> {
        let mut last = Instant::now();
        let mut answered = 0;
        while answered < count {
            match self.requests.receive()? {
                Some((bot, LiveRequest::RegisterInstrument { .. })) => {
                    self.events.send(bot, &LiveEvent::BatchStart)?;
                    self.events.send(bot, &LiveEvent::BatchEnd)?;
                    answered += 1;
                    last = Instant::now();
                }
                Some(_) => {}
                None if last.elapsed() > PATIENCE => return Err("no bot registered".into()),
                None => thread::sleep(Duration::from_millis(1)),
            }
        }
        // A reader's start-up is not what is measured.
        thread::sleep(Duration::from_millis(300));
        Ok(())
    }
}
