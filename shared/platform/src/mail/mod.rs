//! Mail, sent by SES: each with a text and an HTML part, in its recipient's language.

mod letter;

use std::time::Duration;

use aws_sdk_sesv2::error::{BuildError, ProvideErrorMetadata};
use aws_sdk_sesv2::types::{Body, Content, Destination, EmailContent, Message};
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use aws_types::SdkConfig;
use domain::locale::Locale;
use domain::person::Person;
use domain::text::Email;

use crate::StartError;
use crate::aws::{is_denied, with_endpoint};
use crate::config::required;

pub use letter::Letter;

const ATTEMPT: Duration = Duration::from_secs(5);
/// Error codes that no retry can help.
const PERMANENT: [&str; 3] = ["MessageRejected", "BadRequestException", "MailFromDomainNotVerifiedException"];

/// Sends mail from the address in `MAIL_SENDER`.
pub struct Mailer {
    ses: aws_sdk_sesv2::Client,
    sender: String,
}

pub struct Mail<'a> {
    pub to: &'a Email,
    pub letter: Letter,
}

/// The language of mails to this person, which is English unless the person has another one.
pub fn locale_of(person: &Person) -> Locale {
    person.locale.unwrap_or(Locale::English)
}

/// Why a mail was not sent. Only the code of SES's error is kept, since its message may contain addresses.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    #[error("SES will never take this mail: {0}")]
    Refused(String),
    #[error("SES did not take the mail: {0}")]
    Unavailable(String),
}

impl Mailer {
    /// Opens a client that does not retry. SES has no idempotency token, so a retry could send a mail twice:
    /// the one attempt gets more time, and repeating it is left to the queue.
    pub fn open(shared: &SdkConfig) -> Result<Self, StartError> {
        let timeouts = TimeoutConfig::builder().operation_attempt_timeout(ATTEMPT).build();
        let config = with_endpoint(shared, "AWS_ENDPOINT_URL_SESV2")
            .into_builder()
            .retry_config(RetryConfig::disabled())
            .timeout_config(timeouts)
            .build();
        Ok(Self { ses: aws_sdk_sesv2::Client::new(&config), sender: required("MAIL_SENDER")? })
    }

    /// Sends a mail. After [`MailError::Unavailable`], it may have been sent all the same.
    pub async fn send(&self, mail: Mail<'_>) -> Result<(), MailError> {
        let content = email_content(&mail.letter).map_err(|error| MailError::Refused(error.to_string()))?;
        let sending = self
            .ses
            .send_email()
            .from_email_address(&self.sender)
            .destination(Destination::builder().to_addresses(mail.to.as_str()).build())
            .content(content)
            .send();
        match sending.await {
            Ok(_) => Ok(()),
            Err(error) => {
                let code = error.code().unwrap_or("no answer").to_owned();
                if is_denied(&error) {
                    // Without the rest of the error, which may name the recipient.
                    tracing::error!(code, "access denied");
                }
                Err(if PERMANENT.contains(&code.as_str()) {
                    MailError::Refused(code)
                } else {
                    MailError::Unavailable(code)
                })
            }
        }
    }
}

fn email_content(letter: &Letter) -> Result<EmailContent, BuildError> {
    let content = |data: &str| Content::builder().data(data).charset("UTF-8").build();
    let message = Message::builder()
        .subject(content(letter.subject())?)
        .body(Body::builder().text(content(&letter.text())?).html(content(&letter.html())?).build())
        .build();
    Ok(EmailContent::builder().simple(message).build())
}

impl From<MailError> for crate::events::Failure {
    fn from(error: MailError) -> Self {
        match error {
            MailError::Refused(_) => Self::Permanent(error.to_string()),
            MailError::Unavailable(_) => Self::Transient(error.to_string()),
        }
    }
}
