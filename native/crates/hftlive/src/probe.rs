//! Looks at a connector's channel from outside.

use hftbacktest::live::ipc::iceoryx::CustomHeader;
use iceoryx2::node::NodeId;
use iceoryx2::prelude::{
    CallbackProgression, Config, MessagingPattern, NodeBuilder, PortFactory, Service as _,
    ServiceName, SignalHandlingMode, ipc,
};
use serde::{Deserialize, Serialize};

use crate::error::{Code, Failure};
use crate::liveness::is_alive;
use crate::service::Direction;
use crate::sizes::ChannelSizes;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Request {
    connector: String,
}

#[derive(Default, Serialize)]
struct Report {
    exists: bool,
    publishers: Vec<PublisherReport>,
    bots: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    sizes: Option<ChannelSizes>,
}

#[derive(Serialize)]
struct PublisherReport {
    pid: u32,
    alive: bool,
}

/// Tells whether a connector's channel exists and who is on it. Creates no service, and removes
/// nothing that a killed process left behind.
pub fn probe(json: &str) -> Result<String, Failure> {
    let request: Request = serde_json::from_str(json)
        .map_err(|error| Failure::argument(format!("Cannot read the probe's JSON: {error}")))?;
    let report = look(&request.connector)?;
    serde_json::to_string(&report)
        .map_err(|error| Failure::argument(format!("Cannot write the report: {error}")))
}

fn look(connector: &str) -> Result<Report, Failure> {
    let failed = |what: &str, error: &dyn std::fmt::Debug| {
        Failure::new(
            Code::Custom,
            format!("Cannot look at channel {connector}: {what}: {error:?}"),
        )
    };
    let direction = Direction::ToBot;
    let name = ServiceName::new(&direction.service_name(connector)).map_err(|error| {
        Failure::argument(format!("Cannot use connector = {connector}: {error:?}"))
    })?;
    let mut config = Config::global_config().clone();
    config.global.node.cleanup_dead_nodes_on_creation = false;
    config.global.node.cleanup_dead_nodes_on_destruction = false;
    let exists = ipc::Service::does_exist(&name, &config, MessagingPattern::PublishSubscribe)
        .map_err(|error| failed("cannot read its details", &error))?;
    if !exists {
        return Ok(Report::default());
    }
    let node = NodeBuilder::new()
        .config(&config)
        .signal_handling_mode(SignalHandlingMode::Disabled)
        .create::<ipc::Service>()
        .map_err(|error| failed("cannot create a node", &error))?;
    let service = node
        .service_builder(&name)
        .publish_subscribe::<[u8]>()
        .user_header::<CustomHeader>()
        .open()
        .map_err(|error| failed("cannot open it", &error))?;
    let mut publishers: Vec<NodeId> = Vec::new();
    service.dynamic_config().list_publishers(|details| {
        publishers.push(details.node_id);
        CallbackProgression::Continue
    });
    Ok(Report {
        exists: true,
        publishers: publishers
            .iter()
            .map(|node| PublisherReport {
                pid: node.pid().value() as u32,
                alive: is_alive(node, &config),
            })
            .collect(),
        bots: service.dynamic_config().number_of_subscribers(),
        sizes: Some(direction.sizes_of(service.static_config())),
    })
}
