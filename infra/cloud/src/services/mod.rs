//! The AWS services that functions and callers from outside call, on one port, and the event sources that call functions.

mod access;
mod administration;
mod calls;
mod capacity;
mod clock;
mod credentials;
mod database;
mod dynamodb;
mod events;
mod failure;
mod faults;
mod invokers;
mod kms;
mod lambda;
mod logs;
mod mail;
mod queues;
mod router;
mod signature;
#[cfg(test)]
pub(crate) mod signing;
mod sources;
mod sts;
mod wire;

use std::sync::Arc;
use std::time::Duration;

use self::access::Access;
pub use self::access::{Authorization, Denied};
pub use self::administration::AdministrationError;
use self::calls::CallCounter;
pub use self::calls::Calls;
pub use self::capacity::{CapacityLog, Consumed, Mark};
use self::clock::Clock;
pub use self::credentials::{Caller, Credential, Credentials, Origin};
use self::database::Database;
pub use self::database::DatabaseError;
use self::dynamodb::DynamoDb;
pub use self::dynamodb::TableError;
use self::events::Bus;
pub use self::events::{RecentEvent, RuleError};
pub use self::faults::{Effect, Fault, FaultId, Faults, Times};
pub(crate) use self::invokers::Invoker;
pub use self::invokers::Invokers;
pub use self::kms::KeyError;
use self::kms::Keys;
pub(crate) use self::logs::LogTap;
use self::logs::Logs;
pub use self::logs::SubscriptionError;
pub use self::mail::Mail;
use self::queues::Queues;
pub(crate) use self::queues::protocol::is_group;
pub use self::queues::{Message, QueueDepth, QueueError};
pub(crate) use self::signature::Received;
use self::sources::Filters;
pub use self::sources::{Backlog, EventSources, FilterError, NoEventSource};
pub use self::wire::{Note, Touch, Way, WireLog};
use crate::invoke::Invoke;
use crate::model::{Function, Stack};
use crate::storage::{self, DirectoryLock, Storage, StorageError};

#[derive(Debug, thiserror::Error)]
pub enum ServicesError {
    #[error(transparent)]
    Storage(#[from] StorageError),
    #[error(transparent)]
    Database(#[from] DatabaseError),
    #[error(transparent)]
    Table(#[from] TableError),
    #[error(transparent)]
    Rule(#[from] RuleError),
    #[error(transparent)]
    Filter(#[from] FilterError),
    #[error(transparent)]
    Subscription(#[from] SubscriptionError),
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error("a profile's principal cannot be: {0}")]
    Profile(#[from] iam::InvalidPrincipal),
}

pub struct Services {
    stack: Arc<Stack>,
    database: Database,
    credentials: Arc<Credentials>,
    dynamodb: DynamoDb,
    keys: Keys,
    queues: Arc<Queues>,
    bus: Bus,
    logs: Logs,
    clock: Clock,
    filters: Filters,
    access: Arc<Access>,
    faults: Faults,
    calls: CallCounter,
    capacity: CapacityLog,
    wire: Arc<WireLog>,
    _lock: Option<DirectoryLock>,
}

impl Services {
    pub async fn open(
        stack: Arc<Stack>,
        storage: &Storage,
        authorization: Authorization,
    ) -> Result<Arc<Services>, ServicesError> {
        let storage = storage.clone();
        match tokio::task::spawn_blocking(move || Services::open_now(stack, &storage, authorization)).await {
            Ok(services) => Ok(Arc::new(services?)),
            Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
            Err(_) => Err(DatabaseError::Stopping.into()),
        }
    }

    fn open_now(
        stack: Arc<Stack>,
        storage: &Storage,
        authorization: Authorization,
    ) -> Result<Services, ServicesError> {
        let lock = match storage {
            Storage::Memory => None,
            Storage::Directory(directory) => {
                let lock = storage::lock(directory)?;
                storage::check_version(directory, stack.data_version)?;
                Some(lock)
            }
        };
        let Invokers { credentials, access } = Invokers::new(&stack, authorization)?;
        let filters = Filters::compile(&stack)?;
        let database = Database::open(storage)?;
        let queues = Arc::new(Queues::open(database.clone(), &stack.queues).map_err(DatabaseError::from)?);
        Ok(Services {
            credentials,
            dynamodb: DynamoDb::open(&stack.tables, storage)?,
            keys: Keys::open(&database, &stack.signing_keys)?,
            bus: Bus::open(Arc::clone(&stack), Arc::clone(&queues))?,
            logs: Logs::open(database.clone(), &stack)?,
            clock: Clock::default(),
            filters,
            access,
            faults: Faults::default(),
            calls: CallCounter::default(),
            capacity: CapacityLog::default(),
            wire: Arc::new(WireLog::new(&stack.tables, &stack.roles)),
            _lock: lock,
            queues,
            database,
            stack,
        })
    }

    /// Serves all services on one address, Lambda with these functions among them.
    pub fn router(self: &Arc<Self>, functions: Arc<dyn Invoke>) -> axum::Router {
        router::router(Arc::clone(self), functions)
    }

    /// Feeds streams and queues to their functions until the returned value is dropped or stopped.
    pub fn start_event_sources(self: &Arc<Self>, invoke: Arc<dyn Invoke>) -> EventSources {
        EventSources::start(self, &invoke)
    }

    pub fn credentials(&self) -> &Credentials {
        &self.credentials
    }

    /// Those whom the gateway may let in at routes that ask IAM.
    pub fn invokers(&self) -> Invokers {
        Invokers { credentials: Arc::clone(&self.credentials), access: Arc::clone(&self.access) }
    }

    pub fn faults(&self) -> &Faults {
        &self.faults
    }

    /// Whether a session of the role with these tags may do the action on the resource, by the policies of the role
    /// and of the resource. On a table or an index, the partition keys in the request would be these. For tests of a
    /// template's policies.
    pub fn would_allow(
        &self,
        role_arn: &str,
        tags: &[(&str, &str)],
        action_and_resource: (&str, &str),
        leading_keys: &[&str],
    ) -> Result<bool, String> {
        let caller = access::session(&self.credentials, role_arn, tags)?;
        let mut context = access::of_a_call();
        if !leading_keys.is_empty() {
            context.set_all("dynamodb:LeadingKeys", leading_keys.iter().copied());
        }
        self.access.would_allow(&caller, action_and_resource, &context)
    }

    /// Whether a function could assume the role with these tags, by its own credentials. For tests of a template's
    /// policies.
    pub fn would_assume(
        &self,
        function_role_arn: &str,
        target_role_arn: &str,
        tags: &[(&str, &str)],
    ) -> Result<bool, String> {
        let caller = access::session(&self.credentials, function_role_arn, &[])?;
        self.access.would_assume(&caller, target_role_arn, tags)
    }

    /// The newest calls that IAM has denied, oldest first.
    pub fn denied(&self) -> Vec<Denied> {
        self.access.denied()
    }

    /// How often functions have called which actions since the start, also in vain.
    pub fn calls(&self) -> Calls {
        self.calls.all()
    }

    pub fn capacity(&self) -> &CapacityLog {
        &self.capacity
    }

    /// What requests to tables have touched. It can be kept beyond the end of the services.
    pub fn wire(&self) -> &Arc<WireLog> {
        &self.wire
    }

    /// The mails that were sent, oldest first.
    pub fn mailbox(&self) -> Vec<Mail> {
        mail::all(&self.database).unwrap_or_else(|error| {
            tracing::error!(%error, "the mailbox cannot be read");
            Vec::new()
        })
    }

    pub fn queue_depths(&self) -> Vec<QueueDepth> {
        self.queues.depths().unwrap_or_else(|error| {
            tracing::error!(%error, "the queues cannot be read");
            Vec::new()
        })
    }

    /// What takes the lines that the function prints; `None` if no subscription filter does.
    pub(crate) fn log_tap(&self, function: &Function) -> Option<LogTap> {
        self.logs.tap(function)
    }

    /// How many lines that subscription filters let through have not been delivered yet. Lines that a function has
    /// printed and that were not read yet are not among them.
    pub fn outstanding_log_events(&self) -> u64 {
        self.logs.outstanding().unwrap_or_else(|error| {
            tracing::error!(%error, "the log events cannot be counted");
            0
        })
    }

    /// The messages of a queue, given by its logical id or name, in the order in which they were sent. Those in
    /// flight are among them, and none is changed.
    pub fn messages(&self, queue: &str) -> Result<Vec<Message>, QueueError> {
        self.queues.messages(queue)
    }

    /// Deletes all messages of a queue, given by its logical id or name.
    pub fn purge(&self, queue: &str) -> Result<(), QueueError> {
        self.queues.purge(queue)
    }

    /// The newest events that were put on a bus, oldest first.
    pub fn recent_events(&self) -> Vec<RecentEvent> {
        self.bus.recent()
    }

    /// Lets the clock of schedules run ahead, for tests that cannot wait for their times. Of several times that come so,
    /// a schedule runs at the last.
    pub fn advance_schedules(&self, by: Duration) {
        self.clock.advance(by);
    }

    /// Replaces the visibility time-out of every queue, for tests that cannot wait a minute for a retry.
    pub fn override_visibility_timeout(&self, timeout: Duration) {
        self.queues.override_visibility(timeout);
    }

    /// Replaces `maxReceiveCount` in the redrive policy of every queue that has one, for tests that cannot wait for
    /// many retries. Zero restores the template's counts.
    pub fn override_max_receives(&self, receives: u32) {
        self.queues.override_max_receives(receives);
    }
}
