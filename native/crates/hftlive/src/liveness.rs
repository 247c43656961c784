//! Whether the process that owns an iceoryx2 node lives.

use iceoryx2::node::NodeId;
use iceoryx2::prelude::{CallbackProgression, Config, Node, NodeState, ipc};

/// Clocks of process start and node creation are compared with this much slack, s.
#[cfg(target_os = "linux")]
const START_SLACK_S: i64 = 3;

/// Whether the node's process lives. A killed process that nobody has reaped yet does not.
pub fn is_alive(node: &NodeId, config: &Config) -> bool {
    if node.pid().value() as u32 == std::process::id() {
        return true;
    }
    #[cfg(target_os = "linux")]
    match process(node) {
        Process::Lives => return true,
        Process::Dead => return false,
        Process::NotSeen => {}
    }
    holds_lock(node, config)
}

/// What iceoryx2's own file lock says: right across pid namespaces, slow, blind for zombies.
fn holds_lock(node: &NodeId, config: &Config) -> bool {
    let mut alive = false;
    let listed = Node::<ipc::Service>::list(config, |state| {
        if state.node_id() != node {
            return CallbackProgression::Continue;
        }
        // A node that cannot be looked into (another user's) counts as alive.
        alive = !matches!(state, NodeState::Dead(_));
        CallbackProgression::Stop
    });
    alive || listed.is_err()
}

#[cfg(target_os = "linux")]
enum Process {
    Lives,
    Dead,
    /// Gone, or in another pid namespace.
    NotSeen,
}

#[cfg(target_os = "linux")]
fn process(node: &NodeId) -> Process {
    let Ok(stat) = std::fs::read_to_string(format!("/proc/{}/stat", node.pid().value())) else {
        return Process::NotSeen;
    };
    match parse_stat(&stat) {
        Some(('Z' | 'X', _)) => Process::Dead,
        Some((_, start_ticks)) => {
            let created = node.creation_time().seconds() as i64;
            let started = boot_time_s().map(|boot| boot + start_ticks / CLOCK_TICKS_PER_S);
            // The pid went to a younger process: what it says is not about the node's owner.
            if started.is_some_and(|started| started > created + START_SLACK_S) {
                Process::NotSeen
            } else {
                Process::Lives
            }
        }
        None => Process::NotSeen,
    }
}

/// USER_HZ is 100 on every Linux that this library is built for.
#[cfg(target_os = "linux")]
const CLOCK_TICKS_PER_S: i64 = 100;

/// State and start time, in ticks since boot. The command's name may hold anything but ends
/// with the last parenthesis.
#[cfg(target_os = "linux")]
fn parse_stat(stat: &str) -> Option<(char, i64)> {
    let mut fields = stat.rsplit_once(')')?.1.split_ascii_whitespace();
    let state = fields.next()?.chars().next()?;
    // Field 22 of proc(5); the state is field 3.
    Some((state, fields.nth(18)?.parse().ok()?))
}

#[cfg(target_os = "linux")]
fn boot_time_s() -> Option<i64> {
    let stat = std::fs::read_to_string("/proc/stat").ok()?;
    let line = stat.lines().find_map(|line| line.strip_prefix("btime "))?;
    line.trim().parse().ok()
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn reads_proc_stat() {
        let line = "77 (a) b (c)) Z 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 4242 20 21";
        assert_eq!(parse_stat(line), Some(('Z', 4242)));
        assert_eq!(parse_stat(""), None);
        assert_eq!(parse_stat("1 (x) R 1 2"), None);
    }

    #[test]
    fn knows_this_process() {
        let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
        let (state, start) = parse_stat(&stat).unwrap();
        assert!(state == 'R' || state == 'S');
        let started = boot_time_s().unwrap() + start / CLOCK_TICKS_PER_S;
        let now = std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .unwrap()
            .as_secs() as i64;
        assert!(started <= now + START_SLACK_S && started > now - 3_600);
    }
}
