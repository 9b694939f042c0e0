//! A user's open sessions: listed, and ended.

use domain::text::Device;
use domain::user::{Change, User};
use jiff::Timestamp;
use platform::accounts::{SessionRecord, decide_again};
use platform::http::{Call, NoBody, NoParameters, Problem, Reply};
use platform::tenancy::SessionDigest;
use schemars::JsonSchema;
use serde::Serialize;

use crate::own::own_user;
use crate::{SessionParameters, UserParameters, no_such_user, refused};

#[derive(Serialize, JsonSchema)]
pub struct OpenSessions {
    /// From the newest to the oldest, and at most 100.
    items: Vec<OpenSession>,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct OpenSession {
    id: SessionDigest,
    /// Missing if the log-in did not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    device: Option<Device>,
    begun_at: Timestamp,
    /// When it was last refreshed. Its access token may have been used up to a quarter of an hour later.
    last_used_at: Timestamp,
    /// Whether the request itself belongs to this session.
    current: bool,
}

pub async fn list_own(call: &Call<NoParameters, NoBody>) -> Result<Reply<OpenSessions>, Problem> {
    show(call, &own_user(call).await?.value).await
}

pub async fn list_of(call: &Call<UserParameters, NoBody>) -> Result<Reply<OpenSessions>, Problem> {
    let (acting, user) = call.store.acting_on(call.principal.user(), call.parameters.id).await?;
    let user = user.ok_or_else(no_such_user)?.value;
    acting.power().touch(&user).map_err(refused)?;
    show(call, &user).await
}

/// Ends one of the signed-in user's sessions, which may be the one of the request.
pub async fn end_own(call: &Call<SessionParameters, NoBody>) -> Result<Reply<()>, Problem> {
    let (user, session) = (call.principal.user(), call.parameters.id);
    match call.store.sessions().end_named(user, session, call.now()).await? {
        true => Ok(Reply::nothing()),
        false => Err(Problem::not_found("session")),
    }
}

/// Ends all of the signed-in user's sessions but the one of the request.
pub async fn end_others(call: &Call<NoParameters, NoBody>) -> Result<Reply<()>, Problem> {
    let kept = call.principal.session();
    let kept =
        kept.ok_or_else(|| Problem::unavailable("an authorizer of an older version names no session"))?;
    call.store.sessions().end_others(call.principal.user(), kept, call.now()).await?;
    Ok(Reply::nothing())
}

/// Ends all sessions of a user at once, by a change of the user, which the audit shows.
pub async fn end_all_of(call: &Call<UserParameters, NoBody>) -> Result<Reply<()>, Problem> {
    decide_again(|| async {
        let (acting, user) = call.store.acting_on(call.principal.user(), call.parameters.id).await?;
        let user = user.ok_or_else(no_such_user)?;
        // The sessions of who is deactivated have ended.
        if !user.value.is_active() {
            acting.power().touch(&user.value).map_err(refused)?;
            return Ok(Ok(Reply::nothing()));
        }
        let end = |user: &User| acting.power().change(user, Change::EndSessions, call.stamp());
        let decided = call.as_read(user).decide(end).map_err(refused)?;
        let reply = Reply::nothing();
        let context = call.command(&reply)?;
        let by = (&acting, call.entitlements.limits.users);
        Ok(call.store.users().commit_by(by, &decided, None, &context).await.map(|()| reply))
    })
    .await
}

async fn show<P>(call: &Call<P, NoBody>, user: &User) -> Result<Reply<OpenSessions>, Problem> {
    let current = call.principal.session();
    let shown = |record: SessionRecord| OpenSession {
        id: record.digest(),
        device: record.device().cloned(),
        begun_at: record.begun_at(),
        last_used_at: record.last_used_at(),
        current: Some(record.digest()) == current,
    };
    let open = call.store.sessions().open(user, call.now()).await?;
    Ok(Reply::new(OpenSessions { items: open.into_iter().map(shown).collect() }))
}
