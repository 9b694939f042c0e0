//! Events whose tenant and whose aggregate disagree.

use serde_json::json;
use tests::World;

use super::stage::{Delivered, Stage, parsed};
use crate::story::Story;

/// The envelope says that the event is a stranger's, or of a tenant that does not exist. It is refused for good, and
/// changes nothing in either tenant.
#[test]
fn an_event_of_a_foreign_tenant_changes_nothing_and_is_refused_for_good() {
    let stage = Stage::open();
    Story::of(&stage.world, &stage.tenant).tell();
    for consumer in World::consumers() {
        let bodies = stage.take(consumer);
        let own: Vec<&String> =
            bodies.iter().filter(|body| parsed(body)["detail"]["tenant"] == stage.tenant.id).collect();
        let nothing = stage.effects();
        for tenant in [&stage.stranger.id, &format!("ten_{}", "0".repeat(32))] {
            for body in &own {
                let mut foreign = parsed(body);
                foreign["detail"]["tenant"] = json!(tenant);
                let foreign = foreign.to_string();
                let Delivered { failed, letters } = stage.deliver(consumer, &[&foreign]);
                assert!(failed.is_empty(), "{}: {foreign}", consumer.binary);
                let [(letter, reason)] = &letters[..] else { panic!("{}: {foreign}", consumer.binary) };
                assert_eq!(*letter, foreign);
                assert!(reason.contains("has no event"), "{}: {reason}", consumer.binary);
            }
        }
        assert_eq!(stage.effects(), nothing, "{}", consumer.binary);
        stage.handle(consumer, &bodies);
    }
}
