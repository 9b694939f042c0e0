include!("../../../../functions/operators/src/bin/register_tenants.rs");
