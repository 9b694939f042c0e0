//! Links are made by a consumer that hears of requests.

use domain::Version;
use domain::event::LinkRequested;
use domain::id::LinkId;
use domain::link::Purpose;
use domain::locale::Locale;
use domain::tenant::TenantProfile;
use domain::text::Email;
use domain::user::User;
use futures::try_join;
use jiff::Timestamp;

use super::{Document, LinkRecord, LinkToken, Links, State};
use crate::mail::locale_of;
use crate::table::{Conflict, LoggedEvent, StoreError};

/// A link that was made and has to be mailed.
pub struct NewLink {
    pub token: LinkToken,
    pub to: Email,
    pub locale: Locale,
    pub tenant: TenantProfile,
    record: LinkRecord,
}

impl NewLink {
    pub fn purpose(&self) -> Purpose {
        self.record.purpose
    }
}

impl Links<'_> {
    /// Makes the link that was asked for, in the place of an older one. `None` if it was mailed already, if a newer one
    /// was asked for, or if the request is of no use any more: it is too old, or its user or the tenant cannot act, or
    /// the password was changed since.
    ///
    /// Until [`mark_sent`](Self::mark_sent), each call makes another secret, and the one before is good no more: so
    /// whatever is delivered twice, one link is good.
    pub async fn make(
        &self,
        logged: &LoggedEvent,
        &LinkRequested { user: id, purpose }: &LinkRequested,
    ) -> Result<Option<NewLink>, StoreError> {
        let (asked_at, link) = (logged.stamp.at, LinkId::from_uuid(logged.id.uuid()));
        let expires_at = (asked_at + purpose.lifetime()).as_second();
        if Timestamp::now().as_second() >= expires_at {
            return Ok(None);
        }
        let (tenants, users) = (self.0.tenants(), self.0.users());
        let (tenant, user, before) = try_join!(tenants.get(), users.get(id), self.get(id, purpose))?;
        let can_use_it = |user: &User| user.is_active() && user.valid_from <= asked_at;
        let Some(user) = user.map(|found| found.value).filter(can_use_it) else { return Ok(None) };
        if tenant.value.is_suspended() || !before.as_ref().is_none_or(|before| before.gives_way_to(link)) {
            return Ok(None);
        }
        let token = LinkToken::new(tenant.value.slug.clone(), id, link)?;
        let expected = before.map_or(Version::NONE, |before| before.version);
        let document =
            Document { link, secret: token.digest(), password_of: user.valid_from, state: State::Made };
        let record = LinkRecord { user: id, purpose, version: expected.next(), expires_at, document };
        self.0.commit(vec![self.write(&record, expected)?]).await?;
        let locale = locale_of(&user.person);
        Ok(Some(NewLink { token, to: user.email, locale, tenant: tenant.value, record }))
    }

    /// Keeps the link from being made again.
    pub async fn mark_sent(&self, NewLink { record, .. }: &NewLink) -> Result<(), StoreError> {
        match self.0.commit(vec![self.write(&record.in_state(State::Sent), record.version)?]).await {
            // It was used already, or another has taken its place.
            Err(StoreError::Conflict(Conflict::Version)) => Ok(()),
            outcome => outcome,
        }
    }
}

impl LinkRecord {
    /// Ids of links are those of their events, and sort by time.
    fn gives_way_to(&self, link: LinkId) -> bool {
        self.document.link < link || self.document.link == link && self.document.state == State::Made
    }
}
