//! Whether the process that owns an iceoryx2 node lives.

#[cfg(target_os = "linux")]
use std::sync::LazyLock;

use iceoryx2::node::NodeId;
use iceoryx2::prelude::{CallbackProgression, Config, Node, NodeState, ipc};

/// How much later than its node a process may seem to have started, s: ticks are coarse.
#[cfg(target_os = "linux")]
const START_SLACK_S: u64 = 2;

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
        // The pid went to a younger process: what it says is not about the node's owner. A wall
        // clock that was set meanwhile makes a process seem so too: then the lock decides.
        Some((_, start_ticks)) if started_after(start_ticks, node) => Process::NotSeen,
        Some(_) => Process::Lives,
        None => Process::NotSeen,
    }
}

/// USER_HZ is 100 on every Linux that this library is built for.
#[cfg(target_os = "linux")]
const CLOCK_TICKS_PER_S: u64 = 100;

/// Wall time when the machine was started, s.
#[cfg(target_os = "linux")]
static BOOT_TIME_S: LazyLock<Option<u64>> = LazyLock::new(|| {
    let stat = std::fs::read_to_string("/proc/stat").ok()?;
    let line = stat.lines().find_map(|line| line.strip_prefix("btime "))?;
    line.trim().parse().ok()
});

#[cfg(target_os = "linux")]
fn started_after(start_ticks: u64, node: &NodeId) -> bool {
    BOOT_TIME_S.is_some_and(|boot_s| {
        let started_s = boot_s + start_ticks / CLOCK_TICKS_PER_S;
        started_s > node.creation_time().seconds() + START_SLACK_S
    })
}

/// State and start time, in ticks since boot. The command's name may hold anything but ends
/// with the last parenthesis.
#[cfg(target_os = "linux")]
fn parse_stat(stat: &str) -> Option<(char, u64)> {
    let mut fields = stat.rsplit_once(')')?.1.split_ascii_whitespace();
    let state = fields.next()?.chars().next()?;
    // Field 22 of proc(5); the state is field 3.
    Some((state, fields.nth(18)?.parse().ok()?))
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
    fn a_node_is_stamped_after_its_process_started() {
        let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
        let (state, start_ticks) = parse_stat(&stat).unwrap();
        assert!(state == 'R' || state == 'S');
        let node = crate::ports::create_node().unwrap();
        assert!(!started_after(start_ticks, node.id()));
        assert!(started_after(
            start_ticks + 3_600 * CLOCK_TICKS_PER_S,
            node.id()
        ));
        let created_s = node.id().creation_time().seconds();
        let started_s = BOOT_TIME_S.unwrap() + start_ticks / CLOCK_TICKS_PER_S;
        assert!(created_s < started_s + 3_600, "the same clock");
        assert!(matches!(process(node.id()), Process::Lives));
    }

    /// Id of a node that a process would have made now.
    fn node_of(pid: u32) -> NodeId {
        let now = std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .unwrap()
            .as_secs();
        let json = format!(r#"{{"pid":{pid},"seconds":{now},"nanoseconds":0,"counter":0}}"#);
        serde_json::from_str(&json).unwrap()
    }

    #[test]
    fn a_killed_process_is_dead_before_it_is_reaped() {
        let mut child = std::process::Command::new("sleep")
            .arg("60")
            .spawn()
            .unwrap();
        let node = node_of(child.id());
        let config = Config::global_config();
        assert!(is_alive(&node, config));
        child.kill().unwrap();
        let path = format!("/proc/{}/stat", child.id());
        while !matches!(
            parse_stat(&std::fs::read_to_string(&path).unwrap()),
            Some(('Z', _))
        ) {
            std::thread::yield_now();
        }
        assert!(!is_alive(&node, config));
        child.wait().unwrap();
        assert!(!is_alive(&node, config));
    }
}
