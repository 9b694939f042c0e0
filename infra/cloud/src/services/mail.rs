//! SES v2: mails are stored in a mailbox instead of being sent.

use rusqlite::{Row, params};
use serde::Deserialize;
use serde_json::{Value, json};

use super::clock::now_ms;
use super::database::Database;
use super::failure::Failure;
use crate::ids::new_uuid;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    pub id: String,
    pub from: String,
    pub to: Vec<String>,
    pub subject: String,
    pub text: String,
    pub html: Option<String>,
    /// In milliseconds since the epoch.
    pub sent_at: i64,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct SendEmail {
    from_email_address: Option<String>,
    destination: Destination,
    content: Content,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Destination {
    #[serde(default)]
    to_addresses: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Content {
    simple: Simple,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Simple {
    subject: Text,
    body: Body,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Body {
    text: Option<Text>,
    html: Option<Text>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Text {
    data: String,
    charset: Option<String>,
}

/// SES takes no more recipients of one mail.
const RECIPIENTS: usize = 50;

impl Text {
    /// Without a character set, SES takes 7-bit ASCII. The mailbox knows UTF-8 besides.
    fn read(self) -> Result<String, Failure> {
        match self.charset.as_deref() {
            None if !self.data.is_ascii() => Err(refused("a text that is not ASCII has no Charset")),
            Some(other) if !["utf-8", "us-ascii"].contains(&other.to_ascii_lowercase().as_str()) => {
                Err(refused(&format!("the Charset {other} is not supported here; send UTF-8")))
            }
            _ => Ok(self.data),
        }
    }
}

fn refused(message: &str) -> Failure {
    Failure::refused("BadRequestException", message)
}

/// Refuses fields that are not supported here, so that no part of a mail is dropped silently.
pub(crate) async fn send(database: &Database, body: &[u8]) -> Result<Value, Failure> {
    let request: SendEmail = serde_json::from_slice(body)
        .map_err(|error| Failure::refused("BadRequestException", error.to_string()))?;
    let mail = mail(request)?;
    let id = mail.id.clone();
    database
        .transaction(move |transaction| {
            transaction.execute(
                "INSERT INTO mails (id, sender, recipients, subject, text, html, sent_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                params![
                    mail.id,
                    mail.from,
                    json!(mail.to).to_string(),
                    mail.subject,
                    mail.text,
                    mail.html,
                    mail.sent_at
                ],
            )
        })
        .await?;
    Ok(json!({"MessageId": id}))
}

fn mail(request: SendEmail) -> Result<Mail, Failure> {
    let from = request.from_email_address.ok_or_else(|| refused("FromEmailAddress is missing"))?;
    let to = request.destination.to_addresses;
    let is_address = |address: &String| address.contains('@') && address.is_ascii();
    if to.is_empty() || to.len() > RECIPIENTS || !std::iter::once(&from).chain(&to).all(is_address) {
        return Err(refused("an address is missing or malformed, or there are more than 50"));
    }
    let Simple { subject, body } = request.content.simple;
    let subject = subject.read()?;
    if subject.chars().any(char::is_control) {
        return Err(refused("the subject has control characters"));
    }
    if body.text.is_none() && body.html.is_none() {
        return Err(refused("the mail has no body"));
    }
    Ok(Mail {
        id: new_uuid().to_string(),
        from,
        to,
        subject,
        text: body.text.map(Text::read).transpose()?.unwrap_or_default(),
        html: body.html.map(Text::read).transpose()?,
        sent_at: now_ms(),
    })
}

pub(crate) fn all(database: &Database) -> rusqlite::Result<Vec<Mail>> {
    database.transaction_now(|transaction| {
        transaction
            .prepare_cached(
                "SELECT id, sender, recipients, subject, text, html, sent_at FROM mails ORDER BY position",
            )?
            .query_map([], read)?
            .collect()
    })
}

fn read(row: &Row<'_>) -> rusqlite::Result<Mail> {
    let recipients: String = row.get(2)?;
    Ok(Mail {
        id: row.get(0)?,
        from: row.get(1)?,
        to: serde_json::from_str(&recipients).unwrap_or_default(),
        subject: row.get(3)?,
        text: row.get::<_, Option<String>>(4)?.unwrap_or_default(),
        html: row.get(5)?,
        sent_at: row.get(6)?,
    })
}
