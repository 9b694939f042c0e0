//! Requests of links by users, for themselves or for others whom they have power over.

use domain::id::UserId;
use domain::link::request_ownership;
use domain::text::Email;
use domain::user::User;
use domain::{Actor, Decision, Stamp, Version, Versioned};
use jiff::Timestamp;

use super::request::kept;
use super::{EXPIRES_AT, Links, Wait, digest};
use crate::accounts::Acting;
use crate::accounts::attempts::Window;
use crate::accounts::power::check_of_user;
use crate::table::namespace::accounts::{ASKED, LINKS};
use crate::table::{
    Attribute, CommandContext, Commits, Condition, Conflict, Known, OperatorCommand, SortKey, StoreError,
    Write,
};

const COUNT: Attribute = Attribute::new("asked");
/// In a window of time, to one address of the tenant, whoever has it: users come and go.
const MOST_TO_ADDRESS: u64 = 3;
/// In a window of time, for one user. Each is a mail to an address that was not confirmed.
const MOST: usize = 3;
/// Strangers may ask for links to the same user meanwhile.
const LOOKED_AT: usize = 20;

impl Links<'_> {
    /// The writes that ask for the first link of a new user.
    pub(in crate::accounts) fn first(
        &self,
        asked: (UserId, Decision<()>),
        context: &CommandContext,
    ) -> Result<Vec<Write>, StoreError> {
        self.asked(Version::NONE, asked, context)
    }

    /// The write that counts a link to this address. Its commit fails with [`Conflict::Wait`] when there were too many.
    pub(in crate::accounts) fn count(&self, to: &Email, now: Timestamp) -> Write {
        let window = Window::of(now);
        let key = SortKey::of(format_args!("{}#{}", window.number(), digest(to)));
        let below = Condition::with("attribute_not_exists(asked) OR asked < :most", ":most", MOST_TO_ADDRESS);
        let write = self.0.write(&ASKED.partition(), key, below, Conflict::Wait(window.seconds_left()));
        write.update().add_number(COUNT, 1).number(EXPIRES_AT, window.expires_at())
    }

    /// Commits that a link of this user to this address is asked for, by the acting one, who has power over the user;
    /// without one, by the user.
    ///
    /// Fails with [`Conflict::Power`] when what has permitted it has changed.
    pub async fn request(
        &self,
        acting: Option<&Acting>,
        (user, to): (&Versioned<User>, &Email),
        asked: Decision<()>,
        context: &CommandContext,
    ) -> Result<Result<(), Wait>, StoreError> {
        let (id, now) = (user.value.id, context.at);
        if asked.stamp.by != (Actor::User { id: acting.map_or(id, Acting::id) }) {
            return Err(StoreError::corrupt("one has asked by the power of another"));
        }
        let (version, count) = self.asked_lately(id, now).await?;
        if count >= MOST {
            return Ok(Err(Wait(Window::of(now).seconds_left())));
        }
        let mut writes = self.asked(version, (id, asked), context)?;
        writes.extend(self.0.receipt_of(context)?);
        writes.extend(acting.iter().flat_map(|acting| acting.checks(self.0, id)));
        writes.push(check_of_user(self.0, user));
        writes.push(self.count(to, now));
        match self.0.commit(writes).await {
            Err(StoreError::Conflict(Conflict::Wait(seconds))) => Ok(Err(Wait(seconds))),
            // Somebody has asked for another link at this moment.
            Err(StoreError::Conflict(Conflict::Version)) => Err(StoreError::Conflict(Conflict::Power)),
            outcome => outcome.map(Ok),
        }
    }

    /// The writes by which an operator asks for another link by which an invited user takes the place of this owner.
    pub(in crate::accounts) async fn ownership_again(
        &self,
        (user, lost): (UserId, UserId),
        OperatorCommand { context, principal, .. }: &OperatorCommand,
    ) -> Result<Vec<Write>, StoreError> {
        let (version, _) = self.asked_lately(user, context.at).await?;
        let by = Actor::Operator { principal: Some(principal.clone()) };
        let asked = request_ownership(user, lost, Stamp { at: context.at, by });
        self.asked(version, (user, asked), context)
    }

    /// The version of the newest request, and how many users have made in this window of time.
    async fn asked_lately(&self, user: UserId, now: Timestamp) -> Result<(Version, usize), StoreError> {
        let newest = Commits { limit: LOOKED_AT, consistent: true, ..Commits::default() };
        let commits = self.0.log(&LINKS, user)?.commits(newest).await?.items;
        let version = commits.first().map_or(Ok(Version::NONE), |commit| commit.version())?;
        let mut asked = 0;
        for commit in &commits {
            let stamp = commit.read()?.stamp;
            let is_of_now = Window::of(stamp.at).number() == Window::of(now).number();
            asked += usize::from(is_of_now && matches!(stamp.by, Actor::User { .. }));
        }
        Ok((version, asked))
    }

    fn asked(
        &self,
        version: Version,
        (user, asked): (UserId, Decision<()>),
        context: &CommandContext,
    ) -> Result<Vec<Write>, StoreError> {
        let known = Known::new(Versioned { value: (), version });
        let decided = known.decide(|()| Ok::<_, StoreError>(asked))?;
        // A receipt is kept for another time.
        let bare = CommandContext { at: context.at, traceparent: context.traceparent.clone(), receipt: None };
        Ok(kept(self.0.log(&LINKS, user)?.events(&decided, &bare)?, context.at))
    }
}
