//! Plain-text mail by SES.

use aws_sdk_sesv2::types::{Body, Content, Destination, EmailContent, Message};
use domain::text::Email;

use crate::aws::{shared_config, with_endpoint};
use crate::config::required;
use crate::runtime::StartError;
use crate::stores::StoreError;

pub struct Mailer {
    ses: aws_sdk_sesv2::Client,
    sender: String,
}

pub struct Mail<'a> {
    pub to: &'a Email,
    pub subject: String,
    pub text: String,
}

impl Mailer {
    pub fn open() -> Result<Self, StartError> {
        Ok(Self {
            ses: aws_sdk_sesv2::Client::new(&with_endpoint(&shared_config()?, "AWS_ENDPOINT_URL_SESV2")),
            sender: required("MAIL_SENDER")?,
        })
    }

    pub async fn send(&self, mail: Mail<'_>) -> Result<(), StoreError> {
        let content = |data: String| {
            Content::builder().data(data).charset("UTF-8").build().map_err(StoreError::corrupt)
        };
        let message = Message::builder()
            .subject(content(mail.subject)?)
            .body(Body::builder().text(content(mail.text)?).build())
            .build();
        self.ses
            .send_email()
            .from_email_address(&self.sender)
            .destination(Destination::builder().to_addresses(mail.to.as_str()).build())
            .content(EmailContent::builder().simple(message).build())
            .send()
            .await
            .map_err(StoreError::unavailable)?;
        Ok(())
    }
}
