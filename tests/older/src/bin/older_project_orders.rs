include!("../../../../functions/orders/src/bin/project_orders.rs");
