//! What reads the connectors' queues, and its loan: while the thread that owns it sleeps, another
//! one may look whether anything waits.
//!
//! A thread of an event loop pays dearly for each look at the queues from a timer. A thread that
//! sleeps and looks, and wakes it only when there is something to read, does not.

use std::cell::UnsafeCell;
use std::marker::PhantomData;
use std::rc::Rc;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use iceoryx2::port::ReceiveError;
use iceoryx2::port::update_connections::ConnectionFailure;
use iceoryx2::prelude::PortFactory;

use crate::ports::{Reader, ToBotSample};
use crate::service::Service;

/// The number of a loan: one that is over is not taken for the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Loan(pub u16);

/// How a wait ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub enum Waited {
    /// Time ran out.
    TimedOut = 0,
    /// Something waits to be read, or a process came or went.
    Readable = 1,
    /// The loan is over: the owner reads itself, or the bot is closed.
    TakenBack = 2,
}

/// The readers of a bot as other threads have them: only to look, and only while they are lent.
pub struct Watch {
    state: Mutex<State>,
    taken_back: Condvar,
    /// One a connector. While `state.loan` is set, only who holds the lock of `state` may use
    /// them; else only the owner, without it.
    readers: UnsafeCell<Vec<(Reader, Arc<Service>)>>,
}

#[derive(Default)]
struct State {
    /// The loan that runs.
    loan: Option<Loan>,
    /// How many there were, modulo 2^16.
    loans: u16,
    /// How many processes publish for each reader, as far as the owner knows.
    publishers: Vec<usize>,
    /// Connections that could not be made while somebody looked. iceoryx2 tells of each once.
    failures: Vec<(usize, ConnectionFailure)>,
}

// SAFETY: iceoryx2 0.6.1 does not say that a subscriber may move between threads, since its cells
// are unguarded. Nothing in it is bound to a thread, though: no thread-local, no `Rc`, no lock that
// belongs to a thread; what it shares with other ports (service, node, connections) is counted
// atomically and made to be shared. So exclusive access is enough, and that is what `readers`
// promises. Taking the lock orders one thread's access before the next one's. The readers are
// dropped by their owner, see `Drop for Readers`.
unsafe impl Send for Watch {}
// SAFETY: the same; all other fields are `Sync`.
unsafe impl Sync for Watch {}

impl Watch {
    /// Sleeps, and looks every `sleep` whether anything waits or a process came or went, until that is
    /// so, the loan is over, or `timeout` has passed. Any number of threads may wait.
    ///
    /// What a process left in its queue before it went does not show.
    pub fn wait(&self, loan: Loan, sleep: Duration, timeout: Duration) -> Waited {
        let start = Instant::now();
        let mut state = self.lock();
        loop {
            if state.loan != Some(loan) {
                return Waited::TakenBack;
            }
            if self.look(&mut state) {
                return Waited::Readable;
            }
            let left = timeout.saturating_sub(start.elapsed());
            if left.is_zero() {
                return Waited::TimedOut;
            }
            state = self
                .taken_back
                .wait_timeout(state, sleep.min(left))
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
    }

    /// Whether the owner has something to do. The caller has seen that the loan runs.
    fn look(&self, state: &mut MutexGuard<'_, State>) -> bool {
        // SAFETY: the readers are lent and the lock is held, so nobody else uses them.
        let readers = unsafe { &*self.readers.get() };
        let mut is_readable = false;
        for (at, (reader, service)) in readers.iter().enumerate() {
            let publishers = service.dynamic_config().number_of_publishers();
            is_readable |= state.publishers.get(at) != Some(&publishers);
            match reader.has_samples() {
                Ok(has_samples) => is_readable |= has_samples,
                Err(failure) => {
                    state.failures.push((at, failure));
                    is_readable = true;
                }
            }
        }
        is_readable
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The readers of a bot, one a connector, as their owner has them.
pub struct Readers {
    watch: Arc<Watch>,
    /// Whether they are lent, or failures are yet to be told: no receive may go the short way.
    is_away: bool,
    failures: Vec<(usize, ConnectionFailure)>,
    /// The owner stays on its thread.
    _bound: PhantomData<Rc<()>>,
}

impl Readers {
    /// Takes the readers, each with what it reads.
    pub fn new(readers: Vec<(Reader, Arc<Service>)>) -> Self {
        Self {
            watch: Arc::new(Watch {
                state: Mutex::default(),
                taken_back: Condvar::new(),
                readers: UnsafeCell::new(readers),
            }),
            is_away: false,
            failures: Vec::new(),
            _bound: PhantomData,
        }
    }

    /// What other threads need to look.
    pub fn watch(&self) -> Arc<Watch> {
        self.watch.clone()
    }

    /// The next sample of one connector. Ends a loan.
    #[inline]
    pub fn receive(&mut self, at: usize) -> Result<Option<ToBotSample>, ReceiveError> {
        if self.is_away {
            self.return_to(at)?;
        }
        // SAFETY: not lent, so only the owner uses the readers, and this borrow ends before it can
        // lend them.
        let readers = unsafe { &*self.watch.readers.get() };
        readers[at].0.receive()
    }

    /// Lets other threads look, until the next receive or [`Readers::take_back`]. A loan that runs
    /// goes on under the new number.
    ///
    /// `publishers` tells, for each reader, of how many processes the owner knows that they publish.
    pub fn lend(&mut self, publishers: impl Iterator<Item = usize>) -> Loan {
        self.is_away = true;
        let mut state = self.watch.lock();
        state.publishers.clear();
        state.publishers.extend(publishers);
        let loan = Loan(state.loans);
        state.loans = state.loans.wrapping_add(1);
        state.loan = Some(loan);
        loan
    }

    /// Ends a loan, and every wait for it.
    pub fn take_back(&mut self) {
        if !self.is_away {
            return;
        }
        let mut state = self.watch.lock();
        self.failures.append(&mut state.failures);
        state.loan = None;
        drop(state);
        self.watch.taken_back.notify_all();
        self.is_away = !self.failures.is_empty();
    }

    /// Ends a loan; tells, as the receive itself would have, what went wrong with a connection.
    #[cold]
    fn return_to(&mut self, at: usize) -> Result<(), ReceiveError> {
        self.take_back();
        match self.failures.iter().position(|&(of, _)| of == at) {
            Some(place) => {
                let (_, failure) = self.failures.swap_remove(place);
                self.is_away = !self.failures.is_empty();
                Err(ReceiveError::ConnectionFailure(failure))
            }
            None => Ok(()),
        }
    }
}

impl Drop for Readers {
    fn drop(&mut self) {
        self.take_back();
        // SAFETY: not lent, and never again. Those who still have the watch see no loan.
        let readers = unsafe { std::mem::take(&mut *self.watch.readers.get()) };
        drop(readers);
    }
}
