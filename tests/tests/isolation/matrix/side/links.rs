//! Tokens of links that were mailed, each for one request.

use client::id;
use serde_json::json;
use tests::World;
use tests::journey::PASSWORD;

use super::{By, Side};

impl Side {
    /// The id of an invited user, and the token of the mailed link.
    pub(crate) fn fresh_invited(&self, world: &World) -> (String, String) {
        let email = self.fresh_email();
        (self.tenant.invite("New User", &email, &["member"]), world.mailed_token(&email, 0))
    }

    /// The token of the link that confirms a new address of a user.
    pub(crate) fn fresh_move(&self, world: &World) -> String {
        let (user, email) = (self.fresh_user(By::Member), self.fresh_email());
        let member = world.anonymous().member(&self.tenant.slug, &user, PASSWORD);
        member.change_email(&email, PASSWORD).expect(202);
        world.mailed_token(&email, 0)
    }

    /// The token of the link that confirms a registration.
    pub(crate) fn fresh_registration(&self, world: &World) -> String {
        self.tenant.admit(&json!({ "mode": "open" })).expect(200);
        let email = self.fresh_email();
        world.register(&self.tenant.slug, &email).expect(202);
        world.mailed_token(&email, 0)
    }

    /// The token of the link by which somebody becomes the owner, of another tenant: this one keeps its owner.
    pub(crate) fn fresh_ownership(&self, world: &World) -> String {
        let (slug, email) = (format!("lost-{}-{}", self.tenant.slug, self.number()), self.fresh_email());
        world.replace_owner(id(&world.onboard(&slug)), &email).expect(201);
        world.mailed_token(&email, 0)
    }
}
