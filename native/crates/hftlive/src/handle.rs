//! Opaque handles: numbers that are looked up, never addresses that are followed.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ffi::c_void;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use crate::bot::Engine;
use crate::error::{Code, Failure};
use crate::watch::{Loan, Watch};

/// A handle as C passes it.
pub type Handle = *const c_void;

const _: () = assert!(size_of::<usize>() == 8, "handles are 64 bits wide");

/// What a handle stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum HandleKind {
    /// A bot.
    Bot = 1,
    /// The book of one of its instruments.
    Depth = 2,
    /// The orders of one of its instruments.
    Orders = 3,
    /// A walk over such orders.
    OrderWalk = 4,
    /// A loan of its readers, for any thread; the asset is the loan's number.
    Watch = 5,
}

/// A handle taken apart: kind, asset, slot of the table, serial number, from the top down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parts {
    /// What it stands for.
    pub kind: HandleKind,
    /// Asset number, or a loan's, where it names one.
    pub asset: u16,
    slot: u16,
    /// Of the bot, or of the walk. Never given twice in a process.
    serial: u32,
}

impl Parts {
    /// The same bot's handle for something else of it.
    pub fn of(self, kind: HandleKind, asset: u16) -> Self {
        Self {
            kind,
            asset,
            ..self
        }
    }

    /// As a number for C; never null.
    pub fn pack(self) -> Handle {
        let bits = (self.kind as u64) << 60
            | u64::from(self.asset) << 44
            | u64::from(self.slot) << 32
            | u64::from(self.serial);
        bits as usize as Handle
    }

    /// From a number that C gave.
    pub fn unpack(handle: Handle) -> Option<Self> {
        let bits = handle as usize as u64;
        let kind = match bits >> 60 {
            1 => HandleKind::Bot,
            2 => HandleKind::Depth,
            3 => HandleKind::Orders,
            4 => HandleKind::OrderWalk,
            5 => HandleKind::Watch,
            _ => return None,
        };
        Some(Self {
            kind,
            asset: (bits >> 44) as u16,
            slot: (bits >> 32) as u16 & MAX_SLOT,
            serial: bits as u32,
        })
    }
}

const MAX_SLOT: u16 = 0xfff;

struct Slot {
    serial: u32,
    /// Set while a call runs, so that it stays set when the call panics.
    busy: bool,
    bot: Box<dyn Engine>,
}

/// A walk over the ids of an instrument's orders as they were when it began.
pub struct OrderWalk {
    bot: Parts,
    ids: std::vec::IntoIter<u64>,
}

/// The bots of one thread.
#[derive(Default)]
struct Table {
    slots: Vec<Option<Slot>>,
    walks: HashMap<u32, OrderWalk>,
}

thread_local! {
    static TABLE: RefCell<Table> = RefCell::default();
}

/// The bots of all threads, by serial number, to tell a foreign handle from a closed one; and what
/// other threads may use of them.
static WATCHES: LazyLock<Mutex<HashMap<u32, Arc<Watch>>>> = LazyLock::new(Mutex::default);
static SERIAL: AtomicU32 = AtomicU32::new(1);

fn watches() -> std::sync::MutexGuard<'static, HashMap<u32, Arc<Watch>>> {
    WATCHES.lock().unwrap_or_else(PoisonError::into_inner)
}

fn next_serial() -> Result<u32, Failure> {
    SERIAL
        .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |n| n.checked_add(1))
        .map_err(|_| Failure::new(Code::BuildFailed, "Cannot make a handle: none is left"))
}

impl Drop for Slot {
    fn drop(&mut self) {
        watches().remove(&self.serial);
    }
}

/// Gives a bot a handle.
pub fn insert(bot: Box<dyn Engine>) -> Result<Handle, Failure> {
    let serial = next_serial()?;
    TABLE.with_borrow_mut(|table| {
        let free = table.slots.iter().position(Option::is_none);
        let slot = free.unwrap_or(table.slots.len());
        if slot > usize::from(MAX_SLOT) {
            return Err(Failure::new(
                Code::BuildFailed,
                "Cannot make the bot: this thread has 4096 bots",
            ));
        }
        if slot == table.slots.len() {
            table.slots.push(None);
        }
        watches().insert(serial, bot.core().borrow().watch());
        table.slots[slot] = Some(Slot {
            serial,
            busy: false,
            bot,
        });
        let parts = Parts {
            kind: HandleKind::Bot,
            asset: 0,
            slot: slot as u16,
            serial,
        };
        Ok(parts.pack())
    })
}

/// Calls a function with the bot that a handle names. A panic inside leaves the bot unusable.
pub fn with<T>(
    handle: Handle,
    kind: HandleKind,
    call: impl FnOnce(&mut dyn Engine, Parts) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let parts = checked(handle, kind)?;
    TABLE.with_borrow_mut(|table| {
        let slot = table.find(parts)?;
        if slot.busy {
            return Err(Failure::new(
                Code::Panic,
                "Cannot use the bot: it panicked before and can only be closed",
            ));
        }
        slot.busy = true;
        let result = call(slot.bot.as_mut(), parts);
        slot.busy = false;
        result
    })
}

/// Ends a bot and everything that hangs on it.
pub fn remove(
    handle: Handle,
    may_close: impl FnOnce(&dyn Engine) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let parts = checked(handle, HandleKind::Bot)?;
    let slot = TABLE.with_borrow_mut(|table| {
        may_close(table.find(parts)?.bot.as_ref())?;
        table
            .walks
            .retain(|_, walk| walk.bot.serial != parts.serial);
        Ok(table.slots[usize::from(parts.slot)].take())
    })?;
    // Outside of the borrow: a panic in here must not lock the table.
    drop(slot);
    Ok(())
}

/// The watch and the loan that a handle names. Works on any thread.
pub fn watch(handle: Handle) -> Result<(Arc<Watch>, Loan), Failure> {
    let parts = checked(handle, HandleKind::Watch)?;
    let watch = watches().get(&parts.serial).cloned();
    Ok((watch.ok_or_else(unknown)?, Loan(parts.asset)))
}

/// Begins a walk over ids of an instrument's orders.
pub fn begin_walk(orders: Parts, ids: Vec<u64>) -> Result<Handle, Failure> {
    let serial = next_serial()?;
    TABLE.with_borrow_mut(|table| {
        let walk = OrderWalk {
            bot: orders,
            ids: ids.into_iter(),
        };
        table.walks.insert(serial, walk);
    });
    let parts = Parts {
        kind: HandleKind::OrderWalk,
        asset: 0,
        slot: 0,
        serial,
    };
    Ok(parts.pack())
}

/// The next id of a walk and the handle of its orders; the walk's handle ends with its last id.
pub fn step_walk(handle: Handle) -> Result<Option<(u64, Handle)>, Failure> {
    let parts = checked(handle, HandleKind::OrderWalk)?;
    TABLE.with_borrow_mut(|table| {
        let walk = table.walks.get_mut(&parts.serial).ok_or_else(unknown)?;
        let next = walk.ids.next();
        let orders = walk.bot.pack();
        if next.is_none() {
            table.walks.remove(&parts.serial);
        }
        Ok(next.map(|id| (id, orders)))
    })
}

impl Table {
    fn find(&mut self, parts: Parts) -> Result<&mut Slot, Failure> {
        match self.slots.get_mut(usize::from(parts.slot)) {
            Some(Some(slot)) if slot.serial == parts.serial => Ok(slot),
            _ if watches().contains_key(&parts.serial) => Err(Failure::new(
                Code::WrongThread,
                "Cannot use the handle: its bot belongs to another thread",
            )),
            _ => Err(unknown()),
        }
    }
}

fn checked(handle: Handle, kind: HandleKind) -> Result<Parts, Failure> {
    Parts::unpack(handle)
        .filter(|parts| parts.kind == kind)
        .ok_or_else(unknown)
}

fn unknown() -> Failure {
    Failure::new(
        Code::Closed,
        "Cannot use the handle: it is closed or unknown",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packs_and_unpacks() {
        for kind in [
            HandleKind::Bot,
            HandleKind::Depth,
            HandleKind::Orders,
            HandleKind::OrderWalk,
            HandleKind::Watch,
        ] {
            for (asset, slot, serial) in [(0, 0, 1), (4_095, 7, 99), (u16::MAX, MAX_SLOT, u32::MAX)]
            {
                let parts = Parts {
                    kind,
                    asset,
                    slot,
                    serial,
                };
                assert!(!parts.pack().is_null());
                assert_eq!(Parts::unpack(parts.pack()), Some(parts));
            }
        }
        assert_eq!(Parts::unpack(std::ptr::null()), None);
        assert_eq!(Parts::unpack(0x7fff_dead_beef_usize as Handle), None);
        assert_eq!(Parts::unpack(usize::MAX as Handle), None);
    }

    #[test]
    fn invented_handles_are_unknown() {
        for bits in [
            0usize,
            1,
            0x1000_0000_0000_0000,
            0x1000_0000_ffff_fff0,
            usize::MAX,
        ] {
            let result = with(bits as Handle, HandleKind::Bot, |_, _| Ok(()));
            assert_eq!(result.unwrap_err().code, Code::Closed, "{bits:x}");
            assert_eq!(step_walk(bits as Handle).unwrap_err().code, Code::Closed);
        }
    }

    #[test]
    fn a_walk_ends_with_its_last_id() {
        let orders = Parts {
            kind: HandleKind::Orders,
            asset: 3,
            slot: 0,
            serial: u32::MAX,
        };
        let walk = begin_walk(orders, vec![5, 6]).unwrap();
        assert_eq!(step_walk(walk).unwrap(), Some((5, orders.pack())));
        assert_eq!(step_walk(walk).unwrap(), Some((6, orders.pack())));
        assert_eq!(step_walk(walk).unwrap(), None);
        assert_eq!(step_walk(walk).unwrap_err().code, Code::Closed);
    }
}
