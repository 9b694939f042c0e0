use tests::journey::PASSWORD;
use tests::terrace::Desk;

const OLGA: &str = "olga@acme.example";

#[test]
fn somebody_is_invited_to_become_the_owner() {
    let desk = Desk::start();
    desk.world.onboard("acme");
    desk.listed("acme");
    let line = ["tenants", "replace-owner", "acme", "--name", "Olga Owner", "--email", OLGA];
    desk.run_words("operator", &line, "").fails(2, &["the owner of", "(acme)", "--yes acme"]);
    let line = [line.as_slice(), &["--yes", "acme"]].concat();
    desk.run_words("operator-read", &line, "").fails(1, &["403"]);
    let ran = desk.run_words("operator", &line, "");
    let shown = ran.done();
    for part in ["Olga Owner", OLGA, "admin", "invited"] {
        assert!(shown.contains(part), "{shown}");
    }
    desk.world.mailed_token(OLGA, 0);
    desk.run_words("operator", &line, "").done();
    let body = serde_json::json!({ "token": desk.world.mailed_token(OLGA, 1), "password": PASSWORD });
    desk.world.anonymous().post("/ownership/redemption", &body).send().expect(204);
    let session = desk.world.anonymous().log_in("acme", OLGA, PASSWORD).expect(201);
    let olga = desk.world.anonymous().bearing(session["accessToken"].as_str().unwrap());
    assert_eq!(olga.me()["isOwner"], true);
    desk.run_words("operator", &line, "").fails(1, &["409"]);
}
