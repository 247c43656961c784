//! From a handle and an asset number to a bot that has it.

use crate::bot::Engine;
use crate::config::DepthKind;
use crate::error::{Code, Failure};
use crate::handle::{self, Handle, HandleKind, Parts};

/// Calls a function with a bot of one kind.
pub fn with_bot<T>(
    kind: DepthKind,
    bot: Handle,
    body: impl FnOnce(&mut dyn Engine, Parts) -> Result<T, Failure>,
) -> Result<T, Failure> {
    handle::with(bot, HandleKind::Bot, |engine, parts| {
        check_kind(engine, kind)?;
        body(engine, parts)
    })
}

/// Calls a function with a bot of one kind that has the asset.
pub fn with_asset<T>(
    kind: DepthKind,
    bot: Handle,
    asset: usize,
    body: impl FnOnce(&mut dyn Engine, Parts) -> Result<T, Failure>,
) -> Result<T, Failure> {
    with_bot(kind, bot, |engine, parts| {
        check_asset(engine, asset)?;
        body(engine, parts)
    })
}

/// Refuses the functions of one family on a bot of the other.
pub fn check_kind(engine: &dyn Engine, kind: DepthKind) -> Result<(), Failure> {
    let actual = engine.depth_kind();
    if actual == kind {
        return Ok(());
    }
    Err(Failure::argument(format!(
        "Cannot use the handle: a {} function on a {} bot",
        kind.name(),
        actual.name()
    )))
}

/// Refuses an asset number that the bot does not have.
pub fn check_asset(engine: &dyn Engine, asset: usize) -> Result<(), Failure> {
    let count = engine.num_assets();
    if asset < count {
        return Ok(());
    }
    Err(Failure::new(
        Code::InstrumentNotFound,
        format!("Cannot find the instrument: asset {asset} of {count}"),
    ))
}

/// `usize::MAX` stands for all.
pub fn one_or_all(engine: &dyn Engine, asset: usize) -> Result<Option<usize>, Failure> {
    if asset == usize::MAX {
        return Ok(None);
    }
    check_asset(engine, asset).map(|()| Some(asset))
}
