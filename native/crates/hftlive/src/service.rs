//! The iceoryx2 services between a connector and its bots: found, or made, with upstream's settings.

use std::fmt::Debug;
use std::time::Duration;

use hftbacktest::live::ipc::iceoryx::CustomHeader;
use iceoryx2::prelude::{Node, PortFactory, ServiceName, ipc};
use iceoryx2::service::builder::publish_subscribe::{
    Builder as PubSubBuilder, PublishSubscribeCreateError, PublishSubscribeOpenError,
    PublishSubscribeOpenOrCreateError,
};
use iceoryx2::service::port_factory::publish_subscribe::PortFactory as PubSub;
use iceoryx2::service::static_config::publish_subscribe::StaticConfig as PubSubConfig;

use crate::error::{Code, Failure};
use crate::sizes::ChannelSizes;

/// How often to try again while another process is making or removing the same service.
const OPEN_TRIES: u32 = 40;
const OPEN_PAUSE: Duration = Duration::from_millis(25);

/// A publish-subscribe service of upstream's messages.
pub type Service = PubSub<ipc::Service, [u8], CustomHeader>;

/// Which way a service goes.
#[derive(Clone, Copy)]
pub enum Direction {
    /// From a connector to its bots.
    ToBot,
    /// From bots to their connector.
    FromBot,
}

impl Direction {
    /// Name of a connector's service.
    pub fn service_name(self, connector: &str) -> String {
        match self {
            Self::ToBot => format!("{connector}/ToBot"),
            Self::FromBot => format!("{connector}/FromBot"),
        }
    }

    /// The sizes that a service was made with.
    pub fn sizes_of(self, service: &PubSubConfig) -> ChannelSizes {
        ChannelSizes {
            buffer_size: service.subscriber_max_buffer_size(),
            max_bots: match self {
                Self::ToBot => service.max_subscribers(),
                Self::FromBot => service.max_publishers(),
            },
        }
    }
}

/// The opening of one service.
pub struct Opening<'a> {
    node: &'a Node<ipc::Service>,
    direction: Direction,
    name: String,
    service_name: ServiceName,
}

type Builder = PubSubBuilder<[u8], CustomHeader, ipc::Service>;
type OpenError = PublishSubscribeOpenOrCreateError;

impl<'a> Opening<'a> {
    /// Of a connector's service.
    pub fn new(
        node: &'a Node<ipc::Service>,
        connector: &str,
        direction: Direction,
    ) -> Result<Self, Failure> {
        let name = direction.service_name(connector);
        let service_name =
            ServiceName::new(&name).map_err(|error| build_failure(&name, "name it", &error))?;
        Ok(Self {
            node,
            direction,
            name,
            service_name,
        })
    }

    /// Opens it, or makes it; [`Ports::open`](crate::ports::Ports::open) tells what sizes mean.
    pub fn run(&self, sizes: Option<ChannelSizes>) -> Result<Service, Failure> {
        let mut tries = 0;
        loop {
            tries += 1;
            let opened = match sizes {
                Some(sizes) => self.open_or_create(sizes),
                None => self.open_or_create_any(),
            };
            match opened {
                Ok(service) => return Ok(service),
                Err(error) if tries < OPEN_TRIES && is_transient(&error) => {
                    std::thread::sleep(OPEN_PAUSE);
                }
                Err(error) => {
                    let failure = build_failure(&self.name, "open it", &error);
                    let mismatch = sizes.and_then(|sizes| self.mismatch(sizes, &error));
                    return Err(mismatch.unwrap_or(failure));
                }
            }
        }
    }

    fn open_or_create(&self, sizes: ChannelSizes) -> Result<Service, OpenError> {
        let (publishers, subscribers) = match self.direction {
            Direction::ToBot => (1, sizes.max_bots),
            Direction::FromBot => (sizes.max_bots, 1),
        };
        self.builder()
            .subscriber_max_buffer_size(sizes.buffer_size)
            .max_publishers(publishers)
            .max_subscribers(subscribers)
            .open_or_create()
    }

    fn open_or_create_any(&self) -> Result<Service, OpenError> {
        use PublishSubscribeOpenError as Open;
        match self.builder().open() {
            Err(Open::DoesNotExist) => match self.open_or_create(ChannelSizes::default()) {
                // Another process was faster, with smaller sizes.
                Err(error) if is_mismatch(&error) => {
                    Err(OpenError::PublishSubscribeOpenError(Open::DoesNotExist))
                }
                opened => opened,
            },
            opened => opened.map_err(OpenError::PublishSubscribeOpenError),
        }
    }

    fn builder(&self) -> Builder {
        self.node
            .service_builder(&self.service_name)
            .publish_subscribe::<[u8]>()
            .user_header::<CustomHeader>()
    }

    /// What to say when the service is smaller than it has to be.
    fn mismatch(&self, asked: ChannelSizes, error: &OpenError) -> Option<Failure> {
        if !is_mismatch(error) {
            return None;
        }
        let service = self.builder().open().ok()?;
        let found = self.direction.sizes_of(service.static_config());
        Some(Failure::new(
            Code::BuildFailed,
            format!(
                "Cannot use channel {}: it holds {found}, and this bot asks for {asked}: set the \
                 connector's sizes for this bot (option channel, or the file that \
                 HFTBACKTEST_CHANNEL_CONFIG names), or none, or end all bots and start the \
                 connector with larger ones",
                self.name
            ),
        ))
    }
}

/// Whether a service is there that is smaller than what was asked for.
fn is_mismatch(error: &OpenError) -> bool {
    use PublishSubscribeOpenError as Open;
    matches!(
        error,
        OpenError::PublishSubscribeOpenError(
            Open::DoesNotSupportRequestedMinBufferSize
                | Open::DoesNotSupportRequestedAmountOfPublishers
                | Open::DoesNotSupportRequestedAmountOfSubscribers
        )
    )
}

fn is_transient(error: &OpenError) -> bool {
    use {PublishSubscribeCreateError as Create, PublishSubscribeOpenError as Open};
    match error {
        OpenError::PublishSubscribeOpenError(open) => matches!(
            open,
            Open::DoesNotExist | Open::HangsInCreation | Open::IsMarkedForDestruction
        ),
        OpenError::PublishSubscribeCreateError(create) => matches!(
            create,
            Create::AlreadyExists
                | Create::IsBeingCreatedByAnotherInstance
                | Create::HangsInCreation
        ),
        _ => true,
    }
}

/// The failure to do something with a channel.
pub fn build_failure(name: &str, action: &str, error: &dyn Debug) -> Failure {
    let reason = format!("{error:?}");
    let hint = if reason.contains("ExceedsMaxNumberOfNodes") {
        "; iceoryx2 lets 20 nodes use a service, unless its own configuration says more"
    } else if reason.contains("ExceedsMaxSupported") {
        "; it has as many bots as it was made for: end one, or start the connector with more"
    } else {
        ""
    };
    Failure::new(
        Code::BuildFailed,
        format!("Cannot use channel {name}: cannot {action}: {reason}{hint}"),
    )
}
