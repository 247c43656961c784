//! Removes what a dead process left behind in iceoryx2.

use iceoryx2::node::{DeadNodeView, NodeView};
use iceoryx2::prelude::{CallbackProgression, Config, Node, NodeState, ipc};
use serde::{Deserialize, Serialize};

use crate::error::{Code, Failure};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Request {
    pid: u32,
}

#[derive(Default, Serialize)]
struct Report {
    /// Nodes of the process that were removed, with all that they owned.
    removed: usize,
    /// Nodes of the process that are left, since they may be in use.
    alive: usize,
    /// Why a node could not be removed, one text each.
    failures: Vec<String>,
}

/// Removes the nodes of one process, if it is dead, from all services, and their shared memory.
/// Touches nothing of any other process, and nothing of a living one.
pub fn cleanup(json: &str) -> Result<String, Failure> {
    let request: Request = serde_json::from_str(json)
        .map_err(|error| Failure::argument(format!("Cannot read the clean-up's JSON: {error}")))?;
    let report = remove_nodes_of(request.pid)?;
    serde_json::to_string(&report)
        .map_err(|error| Failure::argument(format!("Cannot write the report: {error}")))
}

fn remove_nodes_of(pid: u32) -> Result<Report, Failure> {
    let mut report = Report::default();
    Node::<ipc::Service>::list(Config::global_config(), |state| {
        if state.node_id().pid().value() as u32 == pid {
            match state {
                NodeState::Dead(node) => remove(node, &mut report),
                _ => report.alive += 1,
            }
        }
        CallbackProgression::Continue
    })
    .map_err(|error| {
        Failure::new(
            Code::Custom,
            format!("Cannot clean up after process {pid}: cannot list the nodes: {error:?}"),
        )
    })?;
    Ok(report)
}

fn remove(node: DeadNodeView<ipc::Service>, report: &mut Report) {
    let id = node.id().value();
    match node.remove_stale_resources() {
        Ok(true) => report.removed += 1,
        Ok(false) => report
            .failures
            .push(format!("node {id}: another process is cleaning it up")),
        Err(error) => report.failures.push(format!("node {id}: {error:?}")),
    }
}
