include!("../../../../functions/identity/src/bin/send_links.rs");
