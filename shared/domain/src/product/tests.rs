use jiff::Timestamp;
use uuid::Uuid;

use super::{Product, ProductRefusal, ProductStatus};
use crate::id::ProductId;
use crate::money::{Amount, Money};
use crate::text::ProductName;

fn price(amount: u64) -> Money {
    Money::new(Amount::try_from(amount).unwrap(), "EUR".parse().unwrap())
}

fn name(name: &str) -> ProductName {
    name.to_owned().try_into().unwrap()
}

fn lamp() -> Product {
    Product::new(ProductId::from_uuid(Uuid::from_u128(1)), name("Lamp"), price(1250), Timestamp::UNIX_EPOCH)
}

#[test]
fn an_update_changes_what_it_names() {
    let renamed = lamp().updated(Some(name("Floor lamp")), None).unwrap();
    assert_eq!(renamed, Product { name: name("Floor lamp"), ..lamp() });
    let dearer = renamed.clone().updated(None, Some(price(1300))).unwrap();
    assert_eq!(dearer, Product { price: price(1300), ..renamed });
}

#[test]
fn a_product_is_retired_once_and_does_not_change_any_more() {
    let retired = lamp().retired().unwrap();
    assert_eq!(retired, Product { status: ProductStatus::Retired, ..lamp() });
    assert!(lamp().is_active() && !retired.is_active());
    assert_eq!(retired.clone().retired(), Err(ProductRefusal::AlreadyRetired));
    assert_eq!(retired.updated(Some(name("Floor lamp")), None), Err(ProductRefusal::Retired));
}
