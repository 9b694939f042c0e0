//! Notifies the recipients of an event, each on the channels that the recipient has chosen.
//!
//! Recipients are taken in the order of their ids, a page in each message: first all of them in the app, then by
//! mail, so that no mail delays a notification in the app. A tenant with many recipients thus takes turns with
//! others, and a page that fails is repeated alone.

use std::collections::BTreeSet;
use std::future::Future;
use std::ops::Bound::{Excluded, Unbounded};

use domain::id::UserId;
use domain::notification::{Channels, Notification, NotificationKind, notification_id};
use domain::user::User;
use futures::stream::{StreamExt, iter};
use platform::events::{Delivery, Failure, Outcome};
use platform::mail::Mailer;
use serde::{Deserialize, Serialize};

use crate::mails::send_mail;
use crate::store::{inbox, preferences};

/// The recipients whom one message notifies in the app. If each call of the table takes a second, they take the
/// invocation's time.
const PAGE: usize = 100;
/// The mails of one message. An attempt at one may take five seconds.
const MAILS: usize = 32;
const AT_ONCE: usize = 16;

/// Where a continuation goes on.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Position {
    channel: Channel,
    /// The last recipient who was notified on this channel.
    after: Option<UserId>,
    /// Whether any recipient so far wants a mail.
    mail_is_wanted: bool,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Channel {
    InApp,
    Mail,
}

const START: Position = Position { channel: Channel::InApp, after: None, mail_is_wanted: false };

/// What people are told, and whom.
pub struct News<F> {
    pub kind: NotificationKind,
    pub recipients: BTreeSet<UserId>,
    /// Whether the tenant is suspended, whose users get no mails.
    pub is_suspended: bool,
    /// Whether the user is a recipient by what is stored of the user now.
    pub concerns: F,
}

pub(crate) struct FanOut<'a, F> {
    pub(crate) mailer: &'a Mailer,
    pub(crate) delivery: &'a Delivery,
    pub(crate) news: News<F>,
}

impl<F: Fn(&User) -> bool> FanOut<'_, F> {
    /// Notifies the recipients, or a page of them. A failure for one does not stop the others.
    pub(crate) async fn notify(&self) -> Result<Outcome, Failure> {
        let position = self.delivery.position()?.unwrap_or(START);
        let News { recipients, is_suspended, .. } = &self.news;
        Ok(match position.channel {
            Channel::InApp => {
                self.page_in_app(page_after(recipients, position.after, PAGE), position, !is_suspended).await
            }
            // Notifications stand in the inboxes for when the tenant is resumed.
            Channel::Mail if *is_suspended => Ok(()).into(),
            Channel::Mail => self.page_by_mail(page_after(recipients, position.after, MAILS), position).await,
        })
    }

    async fn page_in_app(&self, page: Page, position: Position, sends_mails: bool) -> Outcome {
        let (mailed, result) = all(page.recipients.iter().map(|one| self.in_app(*one))).await;
        let mailed: Vec<User> = mailed.into_iter().flatten().filter(|_| sends_mails).collect();
        let mail_is_wanted = position.mail_is_wanted || !mailed.is_empty();
        match page.next {
            Some(after) => {
                Outcome::continue_at(result, &Position { after: Some(after), mail_is_wanted, ..position })
            }
            // The first page is the last one, as it is for most tenants: few mails need no message of their own.
            None if position.after.is_none() && mailed.len() <= MAILS => {
                let mails = mailed.iter().map(|user| self.mail(user));
                worst_of(result, all(mails).await.1).into()
            }
            None if mail_is_wanted => Outcome::continue_at(
                result,
                &Position { channel: Channel::Mail, after: None, mail_is_wanted },
            ),
            None => result.into(),
        }
    }

    async fn page_by_mail(&self, page: Page, position: Position) -> Outcome {
        let (_, result) = all(page.recipients.iter().map(|one| self.by_mail(*one))).await;
        match page.next {
            Some(after) => Outcome::continue_at(result, &Position { after: Some(after), ..position }),
            None => result.into(),
        }
    }

    /// Delivers the notification to the inbox if the recipient wants it there. Returns the user if a mail is to
    /// be sent.
    async fn in_app(&self, recipient: UserId) -> Result<Option<User>, Failure> {
        let Some((user, channels)) = self.reach(recipient).await? else { return Ok(None) };
        if channels.in_app {
            let notification = Notification {
                id: notification_id(self.delivery.logged.id, recipient),
                recipient,
                kind: self.news.kind.clone(),
                created_at: self.delivery.logged.stamp.at,
                read_at: None,
            };
            inbox(&self.delivery.store).deliver(&notification).await?;
        }
        Ok(channels.email.then_some(user))
    }

    async fn by_mail(&self, recipient: UserId) -> Result<(), Failure> {
        match self.reach(recipient).await? {
            Some((user, channels)) if channels.email => self.mail(&user).await,
            _ => Ok(()),
        }
    }

    async fn mail(&self, recipient: &User) -> Result<(), Failure> {
        send_mail(self.mailer, self.delivery, recipient, &self.news.kind).await
    }

    /// The recipient and the chosen channels; `None` for one who is not active any more, or not concerned any more.
    async fn reach(&self, recipient: UserId) -> Result<Option<(User, Channels)>, Failure> {
        let store = &self.delivery.store;
        let found = store.users().get(recipient).await?.map(|found| found.value);
        let concerns = &self.news.concerns;
        let Some(user) = found.filter(|user| user.is_active() && concerns(user)) else { return Ok(None) };
        let channels = preferences::get(store, recipient).await?.value.channels(&self.news.kind);
        Ok(Some((user, channels)))
    }
}

struct Page {
    recipients: Vec<UserId>,
    /// The last of them, if others follow.
    next: Option<UserId>,
}

fn page_after(everyone: &BTreeSet<UserId>, after: Option<UserId>, length: usize) -> Page {
    let mut rest = everyone.range((after.map_or(Unbounded, Excluded), Unbounded)).copied();
    let recipients: Vec<UserId> = rest.by_ref().take(length).collect();
    let next = rest.next().and(recipients.last().copied());
    Page { recipients, next }
}

/// Does all of the work, a few at once. Returns what succeeded, and the worst of the failures.
async fn all<T>(
    work: impl Iterator<Item = impl Future<Output = Result<T, Failure>>>,
) -> (Vec<T>, Result<(), Failure>) {
    let work: Vec<_> = work.collect();
    let mut done = Vec::with_capacity(work.len());
    let mut result = Ok(());
    for outcome in iter(work).buffer_unordered(AT_ONCE).collect::<Vec<_>>().await {
        match outcome {
            Ok(value) => done.push(value),
            Err(failure) => result = worst_of(result, Err(failure)),
        }
    }
    (done, result)
}

/// A transient failure takes precedence, so that the message is retried. A permanent one is reported when no
/// transient one is left.
fn worst_of(one: Result<(), Failure>, other: Result<(), Failure>) -> Result<(), Failure> {
    match (one, other) {
        (Err(Failure::Transient(reason)), _) | (_, Err(Failure::Transient(reason))) => {
            Err(Failure::Transient(reason))
        }
        (Err(failure), _) | (_, Err(failure)) => Err(failure),
        (Ok(()), Ok(())) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use platform::new_id;

    use super::*;

    #[test]
    fn a_transient_failure_goes_before_a_permanent_one() {
        let transient = || Err(Failure::Transient(String::new()));
        let permanent = || Err(Failure::Permanent(String::new()));
        for (one, other, is_transient) in [
            (transient(), permanent(), true),
            (permanent(), transient(), true),
            (Ok(()), transient(), true),
            (permanent(), Ok(()), false),
            (Ok(()), permanent(), false),
        ] {
            assert_eq!(matches!(worst_of(one, other), Err(Failure::Transient(_))), is_transient);
        }
        assert!(worst_of(Ok(()), Ok(())).is_ok());
    }

    #[test]
    fn pages_hold_every_recipient_once() {
        for count in [1, PAGE - 1, PAGE, PAGE + 1, 2 * PAGE, 2 * PAGE + 1] {
            let everyone: BTreeSet<UserId> = (0..count).map(|_| new_id(UserId::from_uuid)).collect();
            let (mut after, mut seen, mut pages) = (None, Vec::new(), 0);
            loop {
                let page = page_after(&everyone, after, PAGE);
                seen.extend(page.recipients);
                pages += 1;
                match page.next {
                    Some(next) => after = Some(next),
                    None => break,
                }
            }
            assert_eq!((seen, pages), (everyone.into_iter().collect(), count.div_ceil(PAGE)), "{count}");
        }
    }

    #[tokio::test]
    async fn a_few_are_worked_on_at_once_and_a_failure_stops_nobody() {
        let (at_work, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let work = (0..5 * AT_ONCE).map(|number| {
            let (at_work, most) = (&at_work, &most);
            async move {
                most.fetch_max(at_work.fetch_add(1, Ordering::Relaxed) + 1, Ordering::Relaxed);
                tokio::task::yield_now().await;
                at_work.fetch_sub(1, Ordering::Relaxed);
                if number == 3 { Err(Failure::Permanent("it is the third".to_owned())) } else { Ok(number) }
            }
        });
        let (done, result) = all(work).await;
        assert_eq!((done.len(), most.into_inner()), (5 * AT_ONCE - 1, AT_ONCE));
        assert!(matches!(result, Err(Failure::Permanent(_))));
    }
}
