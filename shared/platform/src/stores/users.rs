//! Users as they are now, and their changes.

use domain::id::UserId;
use domain::text::{Email, PersonName};
use domain::user::{Command, Role, User, UserRefusal, UserStatus};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::events::{Aggregate, Event, PasswordChanged, UserDeactivated, UserRegistered, UserUpdated};
use crate::passwords::PasswordHash;
use crate::stores::commit::CommandContext;
use crate::stores::directory::Directory;
use crate::stores::keys::Partition;
use crate::stores::scope::{Item, stored};
use crate::stores::write::{Condition, Write};
use crate::stores::{Conflict, Scope, StoreError, Version};

pub struct Users<'a>(pub(crate) &'a Scope);

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoadedUser {
    pub user: User,
    pub version: Version,
}

/// A command that was decided, and not committed yet.
#[derive(Debug)]
pub struct UserDecision {
    before: LoadedUser,
    pub next: LoadedUser,
    event: Event,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    name: PersonName,
    email: Email,
    role: Role,
    status: UserStatus,
    valid_from: Timestamp,
}

pub fn decide_user(before: LoadedUser, command: &Command) -> Result<UserDecision, UserRefusal> {
    let next = before.user.after(command)?;
    let user = next.id;
    let event = match command {
        Command::Update { .. } => {
            Event::UserUpdated(UserUpdated { user, name: next.name.clone(), role: next.role })
        }
        Command::Deactivate => Event::UserDeactivated(UserDeactivated { user }),
        Command::ChangePassword { .. } => Event::PasswordChanged(PasswordChanged { user }),
    };
    let next = LoadedUser { user: next, version: before.version.next() };
    Ok(UserDecision { before, next, event })
}

impl Users<'_> {
    pub async fn get(&self, id: UserId) -> Result<Option<LoadedUser>, StoreError> {
        let item = self.0.get(&Partition::Users, &id.to_string()).await?;
        item.map(|item| user(id, &item)).transpose()
    }

    /// For a view that may be a moment old.
    pub async fn view(&self, id: UserId) -> Result<Option<LoadedUser>, StoreError> {
        let item = self.0.get_eventually(&Partition::Users, &id.to_string()).await?;
        item.map(|item| user(id, &item)).transpose()
    }

    pub async fn register(
        &self,
        user: &User,
        password: &PasswordHash,
        context: &CommandContext,
    ) -> Result<(), StoreError> {
        let event = Event::UserRegistered(UserRegistered {
            user: user.id,
            name: user.name.clone(),
            email: user.email.clone(),
            role: user.role,
        });
        let mut writes: Vec<Write> = self.creation(user, password)?.into();
        writes.extend(user.administers().then(|| self.0.tenants().admin_comes(user.id)));
        let aggregate = Aggregate::User(user.id);
        writes.extend(self.0.event_writes(aggregate, Version::FIRST, &[event], None, context)?);
        self.0.commit(writes).await
    }

    /// State, directory, event, and the tenant's admins where one comes or goes; the password where it is a new one.
    pub async fn change(
        &self,
        decision: &UserDecision,
        password: Option<&PasswordHash>,
        context: &CommandContext,
    ) -> Result<(), StoreError> {
        let UserDecision { before, next, event } = decision;
        let mut writes = vec![self.state(next, Condition::at(before.version), Conflict::Version)?];
        let entry = Directory(self.0).change(before.version, next)?;
        writes.push(match password {
            Some(password) => Directory::with_password(entry, password),
            None => entry,
        });
        writes.extend(match (before.user.administers(), next.user.administers()) {
            (false, true) => Some(self.0.tenants().admin_comes(next.user.id)),
            (true, false) => Some(self.0.tenants().admin_goes(next.user.id)),
            _ => None,
        });
        let aggregate = Aggregate::User(next.user.id);
        let events = std::slice::from_ref(event);
        writes.extend(self.0.event_writes(aggregate, next.version, events, None, context)?);
        self.0.commit(writes).await
    }

    pub(crate) fn creation(&self, user: &User, password: &PasswordHash) -> Result<[Write; 2], StoreError> {
        let new = LoadedUser { user: user.clone(), version: Version::FIRST };
        let entry = Directory::with_password(Directory(self.0).creation(&new)?, password);
        Ok([self.state(&new, Condition::absent(), Conflict::Exists("user"))?, entry])
    }

    fn state(
        &self,
        LoadedUser { user, version }: &LoadedUser,
        condition: Condition,
        conflict: Conflict,
    ) -> Result<Write, StoreError> {
        let document = Document {
            name: user.name.clone(),
            email: user.email.clone(),
            role: user.role,
            status: user.status,
            valid_from: user.valid_from,
        };
        let sort = user.id.to_string();
        self.0.write_state(&Partition::Users, sort, condition, conflict, (*version, &document))
    }
}

fn user(id: UserId, item: &Item) -> Result<LoadedUser, StoreError> {
    let stored = stored::<Document>(item)?;
    let Document { name, email, role, status, valid_from } = stored.value;
    Ok(LoadedUser { user: User { id, name, email, role, status, valid_from }, version: stored.version })
}
