//! A bot's ports on a connector's channel.

use std::sync::Arc;

use hftbacktest::live::ipc::iceoryx::CustomHeader;
use hftbacktest::types::LiveRequest;
use iceoryx2::port::DegradationAction;
use iceoryx2::port::port_identifiers::UniqueSubscriberId;
use iceoryx2::port::publisher::Publisher;
use iceoryx2::port::subscriber::Subscriber;
use iceoryx2::prelude::{
    CallbackProgression, Node, NodeBuilder, PortFactory, SignalHandlingMode, ipc,
};
use iceoryx2::sample::Sample;
use iceoryx2::service::static_config::StaticConfig;

use crate::error::{Code, Failure};
use crate::service::{Direction, Opening, Service, build_failure};
use crate::sizes::ChannelSizes;

/// Bytes of a message.
pub const MAX_PAYLOAD: usize = 512;

/// A message from a connector, borrowed from its memory.
pub type ToBotSample = Sample<ipc::Service, [u8], CustomHeader>;

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

/// Reads what a connector sends.
pub type Reader = Subscriber<ipc::Service, [u8], CustomHeader>;

/// A bot's side of one connector's channel, but for what reads it.
pub struct Ports {
    /// From the connector.
    pub to_bot: Arc<Service>,
    /// To the connector.
    pub from_bot: Service,
    /// Whether a sample may be borrowed while the next is received.
    pub may_hold: bool,
    publisher: Publisher<ipc::Service, [u8], CustomHeader>,
}

impl Ports {
    /// Opens, or creates, a connector's services and the bot's ports on them.
    ///
    /// `sizes` are the least that will do. Without any, a channel that is there is taken as it is,
    /// and one that is not is made with the default ones.
    pub fn open(
        node: &Node<ipc::Service>,
        connector: &str,
        sizes: Option<ChannelSizes>,
    ) -> Result<(Self, Reader), Failure> {
        let to_bot = Opening::new(node, connector, Direction::ToBot)?.run(sizes)?;
        let from_bot = Opening::new(node, connector, Direction::FromBot)?.run(sizes)?;
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
        let may_hold = to_bot.static_config().subscriber_max_borrowed_samples() > 1;
        let ports = Self {
            to_bot: Arc::new(to_bot),
            from_bot,
            may_hold,
            publisher,
        };
        Ok((ports, subscriber))
    }

    /// How many processes publish, living or not.
    pub fn publishers(&self) -> usize {
        self.to_bot.dynamic_config().number_of_publishers()
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
