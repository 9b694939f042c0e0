use std::process::ExitCode;

use domain::event::EventType;
use identity::{LinkMail, send_link};
use platform::accounts::links::FrontendUrl;
use platform::events::{Consumer, Cost, Delivery, Failure, consume};
use platform::mail::Mailer;

const CONSUMER: Consumer =
    Consumer::reaction("send-links", &[EventType::LinkRequested]).costing(&[Cost::of(3.5, 2.0)]);

fn main() -> ExitCode {
    consume(
        &CONSUMER,
        |shared| Ok(LinkMail { mailer: Mailer::open(shared)?, frontend: FrontendUrl::open()? }),
        send_links,
    )
}

async fn send_links(mail: &'static LinkMail, delivery: Delivery) -> Result<(), Failure> {
    send_link(mail, &delivery).await
}
