//! Starts the binary, and talks to it over upstream's own channel.

use std::{
    env, fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{self, Child, Command, ExitStatus, Stdio},
    sync::{
        atomic::{AtomicU32, Ordering},
        mpsc::{Receiver, channel},
    },
    thread,
    time::{Duration, Instant},
};

use hftbacktest::{
    live::ipc::iceoryx::{ChannelError, IceoryxBuilder, IceoryxReceiver, IceoryxSender},
    types::{Event, LiveEvent, LiveRequest, OrdType, Order, Side, Status, TimeInForce},
};

/// Long enough for a loaded machine; a test that waits so long has failed.
pub const PATIENCE: Duration = Duration::from_secs(60);

static NEXT: AtomicU32 = AtomicU32::new(0);

/// A name that no other test and no other run uses.
pub fn unique_name() -> String {
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    format!("sim-connector-test-{}-{number}", process::id())
}

/// A folder that goes with its owner.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new() -> Self {
        let path = env::temp_dir().join(unique_name());
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    /// Writes a file and returns its path.
    pub fn write(&self, name: &str, content: &[u8]) -> PathBuf {
        let path = self.0.join(name);
        fs::write(&path, content).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A running connector, killed when the test ends before it.
pub struct Connector {
    pub name: String,
    child: Child,
    log: Receiver<String>,
    _folder: Folder,
}

impl Connector {
    /// Starts a connector and waits until it is ready.
    pub fn start(config: &str) -> Self {
        let folder = Folder::new();
        let path = folder.write("config.toml", config.as_bytes());
        let name = unique_name();
        let (child, log) = spawn(&[&name, "binancefutures", path.to_str().unwrap()]);
        let connector = Self {
            name,
            child,
            log,
            _folder: folder,
        };
        connector.wait_for_log("The connector is ready.");
        connector
    }

    /// Waits for a line of its log, and returns it.
    pub fn wait_for_log(&self, text: &str) -> String {
        let deadline = Instant::now() + PATIENCE;
        let mut seen = Vec::new();
        while let Ok(line) = self.log.recv_timeout(deadline - Instant::now()) {
            if line.contains(text) {
                return line;
            }
            seen.push(line);
        }
        panic!("{text:?} is not in the log:\n{}", seen.join("\n"));
    }

    /// Sends a signal by its name.
    pub fn signal(&mut self, name: &str) {
        if self.is_running() {
            let pid = self.child.id().to_string();
            let status = Command::new("kill").args(["-s", name, &pid]).status();
            assert!(status.unwrap().success());
        }
    }

    pub fn is_running(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// Waits for its end.
    pub fn wait(&mut self) -> ExitStatus {
        let deadline = Instant::now() + PATIENCE;
        while Instant::now() < deadline {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            thread::sleep(Duration::from_millis(2));
        }
        panic!("the connector does not end");
    }
}

impl Drop for Connector {
    fn drop(&mut self) {
        // SIGINT ends it whatever its faults are, and lets it remove its shared memory.
        self.signal("INT");
        let deadline = Instant::now() + Duration::from_secs(10);
        while self.is_running() && Instant::now() < deadline {
            thread::sleep(Duration::from_millis(2));
        }
        let _ = self.child.kill();
        let clean = self.child.wait().is_ok_and(|status| status.success());
        if !clean {
            // A new node removes what a dead one left.
            let _ = IceoryxBuilder::new(&self.name).receiver::<LiveEvent>();
        }
    }
}

/// Starts the binary. Its standard output comes line by line.
pub fn spawn(args: &[&str]) -> (Child, Receiver<String>) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_sim-connector"))
        .args(args)
        .env("RUST_LOG", "info")
        .env("NO_COLOR", "1")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let stdout = BufReader::new(child.stdout.take().unwrap());
    let (tx, rx) = channel();
    thread::spawn(move || {
        for line in stdout.lines().map_while(Result::ok) {
            if tx.send(line).is_err() {
                return;
            }
        }
    });
    (child, rx)
}

/// Runs the binary to its end: exit code, standard output, standard error.
pub fn run(args: &[&str]) -> (Option<i32>, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_sim-connector"))
        .args(args)
        .env("NO_COLOR", "1")
        .output()
        .unwrap();
    (
        output.status.code(),
        String::from_utf8(output.stdout).unwrap(),
        String::from_utf8(output.stderr).unwrap(),
    )
}

/// A bot on the bare channel: sees every message as it comes.
pub struct Wire {
    id: u64,
    sender: IceoryxSender<LiveRequest>,
    receiver: IceoryxReceiver<LiveEvent>,
}

/// What a bot received.
#[derive(Debug)]
pub struct Received {
    pub to: u64,
    pub event: LiveEvent,
}

impl Wire {
    pub fn connect(name: &str, id: u64) -> Self {
        Self {
            id,
            sender: IceoryxBuilder::new(name).sender().unwrap(),
            receiver: IceoryxBuilder::new(name).receiver().unwrap(),
        }
    }

    pub fn register(&self, symbol: &str, tick_size: f64, lot_size: f64) {
        let symbol = symbol.to_owned();
        let request = LiveRequest::RegisterInstrument {
            symbol,
            tick_size,
            lot_size,
        };
        self.sender.send(self.id, &request).unwrap();
    }

    pub fn request(&self, symbol: &str, order: Order) {
        let symbol = symbol.to_owned();
        self.sender
            .send(self.id, &LiveRequest::Order { symbol, order })
            .unwrap();
    }

    /// The next message for this bot or for all.
    pub fn next(&self) -> Received {
        self.try_next().unwrap()
    }

    /// The same; an error when it cannot be decoded.
    pub fn try_next(&self) -> Result<Received, ChannelError> {
        let deadline = Instant::now() + PATIENCE;
        while Instant::now() < deadline {
            match self.receiver.receive()? {
                Some((to, event)) if to == 0 || to == self.id => return Ok(Received { to, event }),
                Some(_) => {}
                None => thread::sleep(Duration::from_micros(50)),
            }
        }
        panic!("no message came");
    }

    /// What has come for it or for all within a time.
    pub fn quiet_for(&self, time: Duration) -> Vec<Received> {
        let deadline = Instant::now() + time;
        let mut seen = Vec::new();
        while Instant::now() < deadline {
            match self.receiver.receive().unwrap() {
                Some((to, event)) if to == 0 || to == self.id => seen.push(Received { to, event }),
                Some(_) => {}
                None => thread::sleep(Duration::from_micros(50)),
            }
        }
        seen
    }

    /// The next answer to a registration, without its batch marks.
    pub fn answer(&self) -> Vec<LiveEvent> {
        let mine = || loop {
            let received = self.next();
            if received.to == self.id {
                return received.event;
            }
        };
        assert!(matches!(mine(), LiveEvent::BatchStart));
        let mut answer = Vec::new();
        loop {
            match mine() {
                LiveEvent::BatchEnd => return answer,
                event => answer.push(event),
            }
        }
    }

    /// The next market event.
    pub fn feed(&self) -> Event {
        loop {
            if let LiveEvent::Feed { event, .. } = self.next().event {
                return event;
            }
        }
    }

    /// The next order report.
    pub fn report(&self) -> Order {
        loop {
            if let LiveEvent::Order { order, .. } = self.next().event {
                return order;
            }
        }
    }
}

/// A request for a new limit order.
pub fn limit(id: u64, side: Side, tick: i64, tick_size: f64, qty: f64, tif: TimeInForce) -> Order {
    let mut order = Order::new(id, tick, tick_size, qty, side, OrdType::Limit, tif);
    order.req = Status::New;
    order.status = Status::New;
    order
}

/// A request for the cancellation of an order.
pub fn cancellation(mut order: Order) -> Order {
    order.req = Status::Canceled;
    order
}

/// A configuration that replays a recording flat out.
pub fn recording(file: &Path, more: &str) -> String {
    format!(
        "[source]\nkind = \"recording\"\nfile = {:?}\nsymbol = \"xyzusdt\"\nspeed = \"max\"\n{more}",
        file.to_str().unwrap()
    )
}
