//! The channel that upstream's bot reads.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use hftbacktest::live::ipc::Channel;
use hftbacktest::live::{BotError, Instrument};
use hftbacktest::types::{BuildError, LiveEvent, LiveRequest};

use crate::core::Core;

thread_local! {
    /// Upstream's builder makes the channel from instruments whose fields are private, so what
    /// it needs is left here just before.
    static NEXT: RefCell<Option<Rc<RefCell<Core>>>> = const { RefCell::new(None) };
}

/// A channel that spins on its queues and never sleeps, waits, or touches signals.
pub struct SpinChannel {
    core: Rc<RefCell<Core>>,
}

impl SpinChannel {
    /// Leaves the core that the next channel built on this thread is to use.
    pub fn provide(core: Rc<RefCell<Core>>) {
        NEXT.set(Some(core));
    }
}

impl Channel for SpinChannel {
    fn build<MD>(instruments: &[Instrument<MD>]) -> Result<Self, BuildError> {
        let core = NEXT
            .take()
            .ok_or(BuildError::BuilderIncomplete("SpinChannel::provide"))?;
        if core.borrow().num_assets() != instruments.len() {
            return Err(BuildError::InvalidArgument("number of instruments"));
        }
        Ok(Self { core })
    }

    fn recv_timeout(
        &mut self,
        _id: u64,
        timeout: Duration,
    ) -> Result<(usize, LiveEvent), BotError> {
        self.core.borrow_mut().recv(timeout)
    }

    fn send(&mut self, _id: u64, inst_no: usize, request: LiveRequest) -> Result<(), BotError> {
        let reached = self
            .core
            .borrow_mut()
            .send(inst_no, &request)
            .map_err(BotError::Custom)?;
        // A registration is sent again when a connector attaches; an order is not.
        if reached == 0 && matches!(request, LiveRequest::Order { .. }) {
            return Err(BotError::Custom("no connector received it".into()));
        }
        Ok(())
    }
}
