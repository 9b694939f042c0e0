include!("../../../../functions/audit/src/bin/record_audit.rs");
