use domain::id::UserId;
use domain::text::{Email, PersonName};
use domain::user::{Role, User};
use serde::{Deserialize, Serialize};

use crate::passwords::PasswordHash;
use crate::stores::commit::{Condition, Write};
use crate::stores::keys::{Partition, SINGLE};
use crate::stores::scope::{Item, stored};
use crate::stores::{Conflict, Scope, StoreError, Version};

pub struct Users<'a>(pub(crate) &'a Scope);

#[derive(Serialize, Deserialize)]
struct Document {
    name: PersonName,
    email: Email,
    role: Role,
}

/// What a log-in needs, under the e-mail address; its item also keeps the address unique.
#[derive(Serialize, Deserialize)]
struct Credential {
    user: UserId,
    password: PasswordHash,
}

impl Users<'_> {
    pub async fn get(&self, id: UserId) -> Result<Option<User>, StoreError> {
        let item = self.0.get(&Partition::Users, &id.to_string()).await?;
        item.map(|item| user(id, &item)).transpose()
    }

    /// For a view that may be a moment old.
    pub async fn view(&self, id: UserId) -> Result<Option<User>, StoreError> {
        let item = self.0.get_eventually(&Partition::Users, &id.to_string()).await?;
        item.map(|item| user(id, &item)).transpose()
    }

    pub(crate) async fn credential(
        &self,
        email: &Email,
    ) -> Result<Option<(UserId, PasswordHash)>, StoreError> {
        let Some(item) = self.0.get(&Partition::Email(email), SINGLE).await? else {
            return Ok(None);
        };
        let credential = stored::<Credential>(&item)?.value;
        Ok(Some((credential.user, credential.password)))
    }

    pub(crate) fn creation(&self, user: &User, password: PasswordHash) -> Result<[Write; 2], StoreError> {
        let document = Document { name: user.name.clone(), email: user.email.clone(), role: user.role };
        let state = (Version::FIRST, &document);
        let user_write = self.0.write_state(
            &Partition::Users,
            user.id.to_string(),
            Condition::absent(),
            Conflict::Exists("user"),
            state,
        )?;
        let credential = Credential { user: user.id, password };
        let email_write = self.0.write_state(
            &Partition::Email(&user.email),
            SINGLE,
            Condition::absent(),
            Conflict::Exists("e-mail address"),
            (Version::FIRST, &credential),
        )?;
        Ok([user_write, email_write])
    }
}

fn user(id: UserId, item: &Item) -> Result<User, StoreError> {
    let Document { name, email, role } = stored::<Document>(item)?.value;
    Ok(User { id, name, email, role })
}
