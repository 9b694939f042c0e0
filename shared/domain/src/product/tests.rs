use jiff::Timestamp;
use uuid::Uuid;

use super::{Command, Product, ProductRefusal, ProductStatus};
use crate::event::{Event, ProductUpdated};
use crate::id::{ProductId, UserId};
use crate::money::{Amount, Money};
use crate::text::ProductName;
use crate::{Actor, Stamp};

fn price(amount: u64) -> Money {
    Money::new(Amount::try_from(amount).unwrap(), "EUR".parse().unwrap())
}

fn name(name: &str) -> ProductName {
    name.to_owned().try_into().unwrap()
}

fn stamp() -> Stamp {
    Stamp { at: Timestamp::UNIX_EPOCH, by: Actor::User { id: UserId::from_uuid(Uuid::from_u128(9)) } }
}

fn lamp() -> Product {
    Product::create(ProductId::from_uuid(Uuid::from_u128(1)), name("Lamp"), price(1250), stamp()).next
}

fn update(name: Option<ProductName>, price: Option<Money>) -> Command {
    Command::Update { name, price }
}

#[test]
fn an_update_changes_the_given_fields_and_its_event_has_all() {
    let renamed = lamp().decide(update(Some(name("Floor lamp")), None), stamp()).unwrap();
    assert_eq!(renamed.next, Product { name: name("Floor lamp"), ..lamp() });
    let event = ProductUpdated { product: lamp().id, name: name("Floor lamp"), price: price(1250) };
    assert_eq!(renamed.events, [Event::ProductUpdated(event)]);
    let dearer = renamed.next.decide(update(None, Some(price(1300))), stamp()).unwrap().next;
    assert_eq!(dearer, Product { price: price(1300), ..renamed.next });
}

#[test]
fn a_product_is_retired_once_and_does_not_change_any_more() {
    let retired = lamp().decide(Command::Retire, stamp()).unwrap().next;
    assert_eq!(retired, Product { status: ProductStatus::Retired, ..lamp() });
    assert!(lamp().is_active() && !retired.is_active());
    assert_eq!(retired.decide(Command::Retire, stamp()), Err(ProductRefusal::AlreadyRetired));
    let rename = update(Some(name("Floor lamp")), None);
    assert_eq!(retired.decide(rename, stamp()), Err(ProductRefusal::Retired));
}
