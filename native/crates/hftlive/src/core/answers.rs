//! Answers to registrations: which instrument's they are, and the fresh book that they bring.

use hftbacktest::types::LiveEvent;

use super::{Core, Step};
use crate::link::Answer;
use crate::record::{ConnectionDetail, NO_ASSET, Record, kind};

impl Core {
    /// A batch begins: an answer, if it is addressed to this bot alone.
    pub(super) fn batch_start(&mut self, at: usize, is_own: bool) -> Step {
        if is_own {
            // Its record waits until the content tells whose answer it is.
            let link = &mut self.links[at];
            link.answer = Answer::Begun;
            link.asked = None;
            link.is_flawed = false;
            link.registrations.progressed(self.clock.mono);
        } else {
            self.mark(kind::BATCH_START, NO_ASSET, false);
        }
        Step::Event(0, LiveEvent::BatchStart)
    }

    /// A batch ends.
    pub(super) fn batch_end(&mut self, at: usize, is_own: bool) -> Step {
        if !is_own {
            self.mark(kind::BATCH_END, NO_ASSET, false);
            return Step::Event(0, LiveEvent::BatchEnd);
        }
        self.links[at].registrations.progressed(self.clock.mono);
        match std::mem::replace(&mut self.links[at].answer, Answer::None) {
            Answer::Of(asset) => self.reconcile(at, asset),
            Answer::Begun => match self.links[at].registrations.answered_empty() {
                Some((place, asked)) => {
                    let asset = self.links[at].assets[place];
                    self.links[at].asked = asked;
                    self.begin_answer(asset);
                    self.reconcile(at, asset);
                }
                None => {
                    self.mark(kind::BATCH_START, NO_ASSET, true);
                    self.mark(kind::BATCH_END, NO_ASSET, true);
                }
            },
            Answer::None => {
                self.report_overflow(at);
                self.mark(kind::BATCH_END, NO_ASSET, false);
            }
            Answer::Whole(_) | Answer::Broken => self.mark(kind::BATCH_END, NO_ASSET, false),
        }
        Step::Event(0, LiveEvent::BatchEnd)
    }

    /// An event addressed to this bot alone: part of an answer.
    pub(super) fn answer_content(&mut self, at: usize, asset: usize, is_snapshot: bool) {
        self.links[at].registrations.progressed(self.clock.mono);
        match self.links[at].answer {
            Answer::Of(whose) if whose == asset => {}
            Answer::Whole(_) | Answer::Broken => {}
            Answer::Begun => {
                let link = &mut self.links[at];
                link.asked = link
                    .place_of(asset)
                    .and_then(|place| link.registrations.answered(place));
                link.answer = Answer::Of(asset);
                self.begin_answer(asset);
            }
            // A level of a whole book comes in answers only: the start of this one is lost.
            Answer::None | Answer::Of(_) if is_snapshot => {
                self.report_overflow(at);
                self.links[at].answer = Answer::Broken;
            }
            Answer::None | Answer::Of(_) => {}
        }
    }

    fn begin_answer(&mut self, asset: usize) {
        self.mark(kind::BATCH_START, asset as u16, true);
        self.assets[asset].orders.begin_answer();
        if self.assets[asset].book.empty() {
            self.sink
                .push(Record::depth_clear(asset as u16, self.clock.wall));
        }
    }

    pub(super) fn end_answer(&mut self, asset: usize) {
        self.mark(kind::BATCH_END, asset as u16, true);
        self.assets[asset].registered = true;
        self.sink.push(Record::connection(
            asset as u16,
            ConnectionDetail::Registered,
            self.clock.wall,
        ));
    }
}
