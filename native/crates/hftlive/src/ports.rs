//! The two iceoryx2 services between a connector and its bots, with upstream's settings.

use std::time::Duration;

use hftbacktest::live::ipc::iceoryx::CustomHeader;
use hftbacktest::types::LiveRequest;
use iceoryx2::port::DegradationAction;
use iceoryx2::port::port_identifiers::UniqueSubscriberId;
use iceoryx2::port::publisher::Publisher;
use iceoryx2::port::subscriber::Subscriber;
use iceoryx2::prelude::{
    CallbackProgression, Node, NodeBuilder, PortFactory, ServiceName, SignalHandlingMode, ipc,
};
use iceoryx2::service::builder::publish_subscribe::{
    PublishSubscribeCreateError, PublishSubscribeOpenError, PublishSubscribeOpenOrCreateError,
};
use iceoryx2::service::port_factory::publish_subscribe::PortFactory as PubSub;
use iceoryx2::service::static_config::StaticConfig;
use serde::Deserialize;

use crate::error::{Code, Failure};

/// Bytes of a message.
pub const MAX_PAYLOAD: usize = 512;
/// How often to try again while another process is making or removing the same service.
const OPEN_TRIES: u32 = 40;
const OPEN_PAUSE: Duration = Duration::from_millis(25);

/// A publish-subscribe service of upstream's messages.
pub type Service = PubSub<ipc::Service, [u8], CustomHeader>;

/// Sizes of the channels, the same for connector and bots.
#[derive(Clone, Debug, Deserialize, PartialEq)]
pub struct ChannelSizes {
    /// Samples that a reader's queue holds.
    pub buffer_size: usize,
    /// Bots per connector.
    pub max_bots: usize,
}

impl Default for ChannelSizes {
    fn default() -> Self {
        Self {
            buffer_size: 10_000,
            max_bots: 200,
        }
    }
}

impl ChannelSizes {
    /// From the file that HFTBACKTEST_CHANNEL_CONFIG names. As upstream does, and so as the
    /// connector does, a file that cannot be read means the defaults.
    pub fn load() -> Self {
        std::env::var("HFTBACKTEST_CHANNEL_CONFIG")
            .ok()
            .and_then(|path| std::fs::read_to_string(path).ok())
            .and_then(|text| toml::from_str(&text).ok())
            .unwrap_or_default()
    }
}

/// Makes the bot's node. It leaves the process's signals alone.
pub fn create_node() -> Result<Node<ipc::Service>, Failure> {
    NodeBuilder::new()
        .signal_handling_mode(SignalHandlingMode::Disabled)
        .create()
        .map_err(|error| {
            Failure::new(
                Code::BuildFailed,
                format!("Cannot create an iceoryx2 node: {error:?}"),
            )
        })
}

/// A bot's side of one connector's channel.
pub struct Ports {
    /// From the connector.
    pub to_bot: Service,
    /// To the connector.
    pub from_bot: Service,
    /// Reads `to_bot`.
    pub subscriber: Subscriber<ipc::Service, [u8], CustomHeader>,
    publisher: Publisher<ipc::Service, [u8], CustomHeader>,
}

impl Ports {
    /// Opens, or creates, a connector's services and the bot's ports on them.
    pub fn open(
        node: &Node<ipc::Service>,
        connector: &str,
        sizes: &ChannelSizes,
    ) -> Result<Self, Failure> {
        let to_bot = open(
            node,
            &format!("{connector}/ToBot"),
            sizes,
            1,
            sizes.max_bots,
        )?;
        let from_bot = open(
            node,
            &format!("{connector}/FromBot"),
            sizes,
            sizes.max_bots,
            1,
        )?;
        // Without this, a connection that cannot be made is only logged.
        let fail = |_: &StaticConfig, _: u128, _: u128| DegradationAction::Fail;
        let subscriber = to_bot
            .subscriber_builder()
            .set_degradation_callback(Some(fail))
            .create()
            .map_err(|error| build_failure(connector, "subscribe to it", &error))?;
        let publisher = from_bot
            .publisher_builder()
            .initial_max_slice_len(MAX_PAYLOAD)
            .create()
            .map_err(|error| build_failure(connector, "publish to it", &error))?;
        Ok(Self {
            to_bot,
            from_bot,
            subscriber,
            publisher,
        })
    }

    /// Who reads what is sent, one process at most; it may have died.
    pub fn reader(&self) -> Option<UniqueSubscriberId> {
        let mut reader = None;
        self.from_bot.dynamic_config().list_subscribers(|details| {
            reader = Some(details.subscriber_id);
            CallbackProgression::Stop
        });
        reader
    }

    /// Sends a request; tells how many processes it was queued for.
    pub fn send(&self, bot_id: u64, request: &LiveRequest) -> Result<usize, String> {
        let sample = self
            .publisher
            .loan_slice_uninit(MAX_PAYLOAD)
            .map_err(|error| format!("no message buffer ({error:?})"))?;
        // SAFETY: bytes of any value are valid, and the reader reads only the encoded ones.
        let mut sample = unsafe { sample.assume_init() };
        let len =
            bincode::encode_into_slice(request, sample.payload_mut(), bincode::config::standard())
                .map_err(|error| format!("the request does not fit a message ({error})"))?;
        let header = sample.user_header_mut();
        header.id = bot_id;
        header.len = len;
        sample
            .send()
            .map_err(|error| format!("the channel failed ({error:?})"))
    }
}

fn open(
    node: &Node<ipc::Service>,
    name: &str,
    sizes: &ChannelSizes,
    publishers: usize,
    subscribers: usize,
) -> Result<Service, Failure> {
    let service_name =
        ServiceName::new(name).map_err(|error| build_failure(name, "name it", &error))?;
    let mut tries = 0;
    loop {
        tries += 1;
        let opened = node
            .service_builder(&service_name)
            .publish_subscribe::<[u8]>()
            .subscriber_max_buffer_size(sizes.buffer_size)
            .max_publishers(publishers)
            .max_subscribers(subscribers)
            .user_header::<CustomHeader>()
            .open_or_create();
        match opened {
            Ok(service) => return Ok(service),
            Err(error) if tries < OPEN_TRIES && is_transient(&error) => {
                std::thread::sleep(OPEN_PAUSE);
            }
            Err(error) => return Err(build_failure(name, "open it", &error)),
        }
    }
}

fn is_transient(error: &PublishSubscribeOpenOrCreateError) -> bool {
    use {PublishSubscribeCreateError as Create, PublishSubscribeOpenError as Open};
    match error {
        PublishSubscribeOpenOrCreateError::PublishSubscribeOpenError(open) => matches!(
            open,
            Open::DoesNotExist | Open::HangsInCreation | Open::IsMarkedForDestruction
        ),
        PublishSubscribeOpenOrCreateError::PublishSubscribeCreateError(create) => matches!(
            create,
            Create::AlreadyExists
                | Create::IsBeingCreatedByAnotherInstance
                | Create::HangsInCreation
        ),
        _ => true,
    }
}

fn build_failure(name: &str, action: &str, error: &dyn std::fmt::Debug) -> Failure {
    let reason = format!("{error:?}");
    let hint = if reason.contains("ExceedsMaxNumberOfNodes") {
        "; iceoryx2 lets 20 nodes use a service, unless its own configuration says more"
    } else if reason.contains("DoesNotSupportRequested") || reason.contains("ExceedsMaxSupported") {
        "; HFTBACKTEST_CHANNEL_CONFIG must name the same sizes for connector and bots"
    } else {
        ""
    };
    Failure::new(
        Code::BuildFailed,
        format!("Cannot use channel {name}: cannot {action}: {reason}{hint}"),
    )
}
