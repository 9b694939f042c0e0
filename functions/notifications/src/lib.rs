//! Notifications: reactions to events, and each user's inbox and preferences.
//!
//! The id of each effect is derived from its event, so that a repeated delivery changes nothing. No request
//! names a user: the inbox and the preferences are always those of the signed-in user.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

mod fan_out;
mod mails;
mod requests;
mod store;
mod view;

use domain::Versioned;
use domain::event::{Event, OrderCancelled, OrderConfirmed};
use domain::id::{NotificationId, UserId};
use domain::notification::{NotificationKind, Preferences, recipients};
use domain::permission::Permission;
use domain::user::User;
use platform::events::{Delivery, Failure, Outcome};
use platform::http::{Call, Conditional, NoBody, NoParameters, Problem, Reply};
use platform::mail::Mailer;
use platform::table::{Page, Scope, StoreError};
use platform::tenancy::Principal;

use fan_out::FanOut;
pub use fan_out::News;
use mails::{tell_former_address, tell_of_new_password, welcome_admin, welcome_user};
pub use requests::{ChosenPreferences, ListParameters, NotificationParameters};
use store::{inbox, preferences};
pub use view::{NotificationView, OverviewView, PreferencesView, ReadCount, UnreadCount};

/// Reacts to an event: notifies those whom it concerns, welcomes a new user, or tells one of a new password or
/// address.
pub async fn notify(mailer: &Mailer, delivery: Delivery) -> Outcome {
    let notify = async |customer: UserId, kind: NotificationKind| {
        let told = match delivery.store.staff().told(Permission::OrdersManage).await {
            Ok(told) => told,
            Err(error) => return Failure::from(error).into(),
        };
        let news = News {
            kind,
            recipients: recipients(customer, told.users.iter().copied()),
            is_suspended: told.tenant.is_suspended(),
            concerns: |user: &User| user.id == customer || told.tells(&user.roles),
        };
        deliver(mailer, &delivery, news).await
    };
    match &delivery.logged.event {
        Event::OrderConfirmed(OrderConfirmed { order, customer, .. }) => {
            notify(*customer, NotificationKind::OrderConfirmed { order_id: *order }).await
        }
        Event::OrderCancelled(OrderCancelled { order, customer, reason, .. }) => {
            let kind = NotificationKind::OrderCancelled { order_id: *order, reason: reason.clone() };
            notify(*customer, kind).await
        }
        Event::TenantOnboarded(onboarded) => welcome_admin(mailer, &delivery, onboarded).await.into(),
        Event::UserRegistered(registered) => welcome_user(mailer, &delivery, registered).await.into(),
        Event::EmailChanged(changed) => tell_former_address(mailer, &delivery, changed).await.into(),
        Event::PasswordChanged(changed) => tell_of_new_password(mailer, &delivery, changed).await.into(),
        _ => Outcome::from(Failure::Permanent("nobody is notified of this event".to_owned())),
    }
}

/// Notifies the recipients of the news, each on the channels that the recipient has chosen. A consumer that calls this is
/// declared as continuing, since many recipients are notified page by page.
pub async fn deliver<F: Fn(&User) -> bool>(mailer: &Mailer, delivery: &Delivery, news: News<F>) -> Outcome {
    FanOut { mailer, delivery, news }.notify().await.unwrap_or_else(Outcome::from)
}

pub async fn list(
    call: &Call<ListParameters, NoBody>,
) -> Result<Page<NotificationView, NotificationId>, Problem> {
    let ListParameters { limit, cursor } = call.parameters;
    let page = inbox(&call.store).list(call.principal.user(), limit.get(), cursor).await?;
    Ok(page.map(NotificationView::from))
}

/// The number of unread notifications and the newest notifications, to be shown beside other things.
pub async fn overview(
    principal: Principal,
    scope: &Scope,
    length: usize,
) -> Result<OverviewView, StoreError> {
    Ok(inbox(scope).overview(principal.user(), length).await?.into())
}

pub async fn count_unread(call: &Call<NoParameters, NoBody>) -> Result<UnreadCount, Problem> {
    Ok(UnreadCount { unread: inbox(&call.store).unread(call.principal.user()).await? })
}

pub async fn read(call: &Call<NotificationParameters, NoBody>) -> Result<Reply<NotificationView>, Problem> {
    let reply = |read| Reply::new(NotificationView::from(read));
    let command = |read| call.command(&reply(read));
    let inbox = inbox(&call.store);
    let read = inbox.read(call.principal.user(), call.parameters.id, call.now(), command).await?;
    read.map(reply).ok_or_else(|| Problem::not_found("notification"))
}

pub async fn read_all(call: &Call<NoParameters, NoBody>) -> Result<Reply<ReadCount>, Problem> {
    let reply = |read| Reply::new(ReadCount { read });
    let command = |read| call.command(&reply(read));
    let read = inbox(&call.store).read_all(call.principal.user(), call.now(), command).await?;
    Ok(reply(read))
}

pub async fn show_preferences(call: &Call<NoParameters, NoBody>) -> Result<Reply<PreferencesView>, Problem> {
    Ok(preferences_reply(preferences::get(&call.store, call.principal.user()).await?))
}

pub async fn replace_preferences(
    call: &Call<NoParameters, ChosenPreferences, Conditional>,
) -> Result<Reply<PreferencesView>, Problem> {
    let user = call.principal.user();
    let known = call.expect(preferences::get(&call.store, user).await?)?;
    let decided = known.decide(|_| Ok::<_, Problem>(call.body.preferences.replace(call.stamp())))?;
    let reply = preferences_reply(decided.next.clone());
    preferences::commit(&call.store, user, &decided, &call.command(&reply)?).await?;
    Ok(reply)
}

fn preferences_reply(Versioned { value, version }: Versioned<Preferences>) -> Reply<PreferencesView> {
    Reply::new(PreferencesView { preferences: value, version }).version(version)
}
