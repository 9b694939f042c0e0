include!("../../../../functions/notifications/src/bin/notify.rs");
