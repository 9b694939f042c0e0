//! Registrations by people whom nobody has invited, where the tenant admits them.

use domain::link::Purpose;
use domain::person::Person;
use domain::registration::RegistrationRefusal;
use platform::accounts::links::{LinkRedemption, NotRegistered, Redemption, Registrations};
use platform::http::{NoParameters, OpenCall, Problem, Reply};
use platform::table::{Conflict, StoreError};

use crate::links::{LinkIsOnItsWay, redeemed};
use crate::requests::{NewRegistration, VerifiedRegistration};

pub async fn register_oneself(
    registrations: &Registrations,
    call: &OpenCall<NoParameters, NewRegistration>,
) -> Result<Reply<LinkIsOnItsWay>, Problem> {
    let NewRegistration { tenant, email, name } = &call.body;
    let person = Person::named(name.clone());
    match registrations.register((tenant, email), &person, call.source, &call.context()).await? {
        Ok(()) => Ok(Reply::new(LinkIsOnItsWay::of(Purpose::Verification))),
        Err(NotRegistered::Wait(seconds)) => Err(Problem::too_many_links(seconds)),
        Err(NotRegistered::Refused(refusal)) => Err(match refusal {
            RegistrationRefusal::Closed => Problem::forbidden(refusal.to_string()),
            RegistrationRefusal::OtherDomain => Problem::invalid("/email", refusal),
        }),
    }
}

/// The password is chosen only now, by who has the mailbox: nobody prepares an account for somebody else.
pub async fn verify_registration(
    links: &LinkRedemption,
    call: &OpenCall<NoParameters, VerifiedRegistration>,
) -> Result<Reply<()>, Problem> {
    let VerifiedRegistration { token, password } = &call.body;
    match links.redeem(token, &Redemption::Verification { password }, &call.context()).await {
        Err(StoreError::Conflict(Conflict::QuotaReached(_))) => Err(Problem::conflict(
            "The tenant has as many users as it may have; ask one of its admins for a place. The link stays good for its half hour.",
        )),
        outcome => redeemed(outcome?),
    }
}
