use tests::journey::PASSWORD;

use super::Call;

pub(super) const CALLS: &[Call] = &[
    ("POST /sessions", "", |stage| {
        Box::new(|| drop(stage.world.anonymous().log_in("acme", &stage.tenant.email, PASSWORD).expect(201)))
    }),
    ("GET /me", "", |stage| Box::new(|| drop(stage.tenant.admin.get("/me").send().expect(200)))),
];
