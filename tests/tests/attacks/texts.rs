//! Slugs, ids and cursors with separators of keys and paths, encoded again, or of characters that look alike.

use client::{Response, id};
use serde_json::json;
use tests::journey::PASSWORD;
use tests::{Tenant, World};

use super::assert_no_function_failed;

const SECRET: &str = "A lamp of the victim";

/// Other texts for the same thing, if one is careless.
fn disguised(text: &str, tenant: &str) -> Vec<String> {
    let (head, tail) = text.split_at(text.len() - 1);
    let wide = |letter: char| char::from_u32(letter as u32 + 0xFEE0).unwrap();
    let look_alike = |from: char, to: &str| text.replacen(from, to, 1);
    vec![
        format!("{text}#"),
        format!("#{text}"),
        format!("T#{tenant}#{text}"),
        format!("T#{tenant}#order#{text}"),
        format!("{head}#{tail}"),
        format!("{text}/"),
        format!("/{text}"),
        format!("../{text}"),
        format!("{text}/.."),
        format!("./{text}"),
        format!("{text}\\"),
        format!("{text}\0"),
        format!("{text}\n"),
        format!(" {text}"),
        format!("{text} "),
        format!("{text}%23"),
        format!("{text}%2F"),
        format!("{text}%00"),
        format!("%2e%2e%2f{text}"),
        format!("{head}%{:02X}", tail.as_bytes()[0]),
        format!("{text}\u{200d}"),
        format!("{head}\u{200d}{tail}"),
        format!("\u{feff}{text}"),
        format!("{head}{}", tail.chars().map(wide).collect::<String>()),
        format!("{text}\u{301}"),
        look_alike('o', "\u{43e}"),
        look_alike('e', "\u{435}"),
        look_alike('s', "\u{17f}"),
        look_alike('_', "\u{ff3f}"),
        text.to_uppercase(),
        format!("{head}*"),
        "*".into(),
        "..".into(),
        "${aws:PrincipalTag/TenantId}".into(),
        format!("{text},{text}"),
        format!("[\"{text}\"]"),
    ]
    .into_iter()
    .filter(|other| other != text)
    .collect()
}

/// Each byte that is no letter or digit as an escape, so that the function gets the text as it is.
fn encoded(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    };
    text.bytes().map(byte).collect()
}

fn refused(what: &str, answer: &Response) {
    assert!((400..500).contains(&answer.status), "{what} answered {}: {}", answer.status, answer.text());
    assert!(!answer.text().contains(SECRET), "{what} answered {}", answer.text());
}

fn pair(world: &World) -> [Tenant; 2] {
    ["globex", "acme"].map(|slug| world.tenant(slug))
}

#[test]
fn a_slug_or_an_address_in_disguise_signs_nobody_in() {
    let world = World::start();
    let [victim, _] = pair(&world);
    for slug in disguised(&victim.slug, &victim.id) {
        refused(&slug, &world.anonymous().log_in(&slug, &victim.email, PASSWORD));
        let token = format!("{slug}.{}.ses_{}.{}", victim.admin_id, "0".repeat(32), "A".repeat(43));
        for path in ["/sessions/refresh", "/sessions/end"] {
            let answer = world.anonymous().post(path, &json!({ "refreshToken": token })).send();
            assert!(answer.status < 500, "{path} {slug}: {}", answer.text());
            assert!(path == "/sessions/end" || answer.status >= 400, "{path} {slug}: {}", answer.text());
        }
    }
    // Addresses are the same in capitals.
    let addresses = disguised(&victim.email, &victim.id);
    for email in addresses.into_iter().filter(|email| *email != victim.email.to_uppercase()) {
        refused(&email, &world.anonymous().log_in(&victim.slug, &email, PASSWORD));
    }
    world.anonymous().log_in(&victim.slug, &victim.email, PASSWORD).expect(201);
    assert_no_function_failed(&world);
}

#[test]
fn a_foreign_id_in_disguise_is_found_on_no_route() {
    let world = World::start();
    let [victim, stranger] = pair(&world);
    let product = victim.admin.create_product(SECRET, 1250);
    let order = victim.admin.place_order(&product, 1);
    let ids = [id(&product), id(&order), &victim.admin_id];
    for operation in World::operations().iter().filter(|operation| operation.description.path.contains('{')) {
        let (method, path) = (&operation.description.method, &operation.description.path);
        let (before, after) = path.split_once('{').unwrap();
        let (_, after) = after.split_once('}').unwrap();
        let after = after.replace("{productId}", id(&product));
        for text in ids.iter().flat_map(|id| disguised(id, &victim.id)) {
            for sent in [encoded(&text), encoded(&encoded(&text))] {
                let path = format!("{before}{sent}{after}");
                let request = stranger.admin.request(method, &path).header("if-match", "\"1\"");
                refused(&format!("{method} {path}"), &request.send());
            }
        }
    }
    assert_no_function_failed(&world);
}

#[test]
fn a_cursor_finds_nothing_of_another_tenant() {
    let world = World::start();
    let [victim, stranger] = pair(&world);
    let product = victim.admin.create_product(SECRET, 1250);
    let order = victim.admin.place_order(&product, 1);
    let own = stranger.order();
    let ids = [id(&product), id(&order), &victim.admin_id, &victim.email];
    for operation in World::operations() {
        let parameters = &operation.description.parameters["properties"];
        if parameters["cursor"].is_null() {
            continue;
        }
        let path = operation.description.path.replace("{id}", id(&own));
        for text in ids.iter().flat_map(|id| disguised(id, &victim.id).into_iter().chain([(*id).to_owned()]))
        {
            for sent in [encoded(&text), encoded(&encoded(&text))] {
                let answer = stranger.admin.get(&format!("{path}?cursor={sent}")).send();
                let found = answer.text();
                assert!(
                    answer.status == 200 || (400..500).contains(&answer.status),
                    "{path} {sent}: {found}"
                );
                let is_foreign =
                    [SECRET, &victim.id, &victim.slug].iter().any(|foreign| found.contains(foreign));
                assert!(answer.status != 200 || !is_foreign, "{path} {sent}: {found}");
            }
        }
    }
    assert_no_function_failed(&world);
}
