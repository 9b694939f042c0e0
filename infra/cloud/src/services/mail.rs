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
#[serde(rename_all = "PascalCase")]
struct Text {
    data: String,
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
    let refused = |message: &str| Failure::refused("BadRequestException", message);
    let from = request.from_email_address.ok_or_else(|| refused("FromEmailAddress is missing"))?;
    let to = request.destination.to_addresses;
    if to.is_empty() || !std::iter::once(&from).chain(&to).all(|address| address.contains('@')) {
        return Err(refused("an address is missing or malformed"));
    }
    let body = request.content.simple.body;
    if body.text.is_none() && body.html.is_none() {
        return Err(refused("the mail has no body"));
    }
    Ok(Mail {
        id: new_uuid().to_string(),
        from,
        to,
        subject: request.content.simple.subject.data,
        text: body.text.map(|text| text.data).unwrap_or_default(),
        html: body.html.map(|html| html.data),
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
