//! The messages of all queues, in one table. Each function is a step of a transaction.

use std::time::Duration;

use rusqlite::{Row, Transaction, params};

use super::attributes::{self, MessageAttributes};
use super::fair::{self, Shares};
use super::{Message, NewMessage};
use crate::ids::new_uuid;
use crate::model::Queue;

#[derive(Debug, Clone)]
pub(crate) struct Claimed {
    pub(crate) id: String,
    pub(crate) receipt: String,
    pub(crate) body: String,
    pub(crate) attributes: MessageAttributes,
    pub(crate) sent_at: i64,
    pub(crate) receives: u32,
    pub(crate) first_received_at: i64,
    pub(crate) group: Option<String>,
}

/// Whoever received messages from the last cloud ended with it, so their time-outs need not pass.
pub(super) fn release_received(transaction: &Transaction<'_>, now: i64) -> rusqlite::Result<usize> {
    transaction.execute(
        "UPDATE messages SET visible_at = ?1, receipt = NULL WHERE receipt IS NOT NULL AND visible_at > ?1",
        [now],
    )
}

pub(super) fn insert(
    transaction: &Transaction<'_>,
    message: &NewMessage,
    now: i64,
) -> rusqlite::Result<String> {
    let id = new_uuid().to_string();
    let attributes = serde_json::to_string(&message.attributes).unwrap_or_default();
    transaction
        .prepare_cached(
            "INSERT INTO messages (id, queue, body, attributes, sent_at, visible_at, message_group)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(params![
            id,
            message.queue_arn,
            message.body,
            attributes,
            now,
            now + millis(message.delay),
            message.group
        ])?;
    Ok(id)
}

pub(super) fn expire(transaction: &Transaction<'_>, queue: &Queue, now: i64) -> rusqlite::Result<usize> {
    transaction.execute(
        "DELETE FROM messages WHERE queue = ?1 AND visible_at <= ?2 AND sent_at < ?3",
        params![queue.arn, now, now - millis(queue.retention)],
    )
}

/// Returns the received messages, and how many moved to the dead-letter queue instead.
pub(super) fn receive(
    transaction: &Transaction<'_>,
    queue: &Queue,
    max: usize,
    now: i64,
    timeout: Duration,
    of_late: &Shares,
) -> rusqlite::Result<(Vec<Claimed>, usize)> {
    let noisy = fair::noisy(&in_flight(transaction, &queue.arn, now)?, of_late);
    let mut messages = Vec::new();
    let mut dead_lettered = 0;
    loop {
        let dead_lettered_before = dead_lettered;
        for (position, receives) in visible(transaction, &queue.arn, (max - messages.len(), now), &noisy)? {
            match &queue.redrive {
                Some(redrive) if receives >= redrive.max_receive_count => {
                    send_to_dead_letter(transaction, position, &redrive.dead_letter_arn, now)?;
                    dead_lettered += 1;
                }
                _ => messages.push(claim(transaction, position, now, timeout)?),
            }
        }
        if dead_lettered == dead_lettered_before {
            return Ok((messages, dead_lettered));
        }
    }
}

fn in_flight(transaction: &Transaction<'_>, arn: &str, now: i64) -> rusqlite::Result<Shares> {
    let mut in_flight = Shares::default();
    let mut counted = transaction.prepare_cached(
        "SELECT message_group, COUNT(*) FROM messages
         WHERE queue = ?1 AND visible_at > ?2 AND receipt IS NOT NULL GROUP BY message_group",
    )?;
    let mut rows = counted.query(params![arn, now])?;
    while let Some(row) = rows.next()? {
        in_flight.add(row.get::<_, Option<String>>(0)?.as_deref(), row.get(1)?);
    }
    Ok(in_flight)
}

/// Those of noisy groups come last, group by group.
fn visible(
    transaction: &Transaction<'_>,
    arn: &str,
    (max, now): (usize, i64),
    noisy: &[String],
) -> rusqlite::Result<Vec<(i64, u32)>> {
    let mut messages = if noisy.is_empty() {
        visible_of(transaction, arn, (max, now), ("", None))?
    } else {
        let others = "AND (message_group IS NULL OR message_group NOT IN (SELECT value FROM json_each(?4)))";
        let groups = serde_json::to_string(noisy).unwrap_or_default();
        visible_of(transaction, arn, (max, now), (others, Some(&groups)))?
    };
    for group in noisy {
        if messages.len() == max {
            break;
        }
        let of_group = ("AND message_group = ?4", Some(group.as_str()));
        messages.extend(visible_of(transaction, arn, (max - messages.len(), now), of_group)?);
    }
    Ok(messages)
}

fn visible_of(
    transaction: &Transaction<'_>,
    arn: &str,
    (max, now): (usize, i64),
    (condition, operand): (&str, Option<&str>),
) -> rusqlite::Result<Vec<(i64, u32)>> {
    let select = format!(
        "SELECT position, receives_in_queue FROM messages
         WHERE queue = ?1 AND visible_at <= ?2 {condition} ORDER BY visible_at, position LIMIT ?3"
    );
    let mut select = transaction.prepare_cached(&select)?;
    let read = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?));
    match operand {
        Some(operand) => select.query_map(params![arn, now, max as i64, operand], read)?.collect(),
        None => select.query_map(params![arn, now, max as i64], read)?.collect(),
    }
}

/// The message keeps the time it was sent, on which its retention depends.
fn send_to_dead_letter(
    transaction: &Transaction<'_>,
    position: i64,
    dead_letter_arn: &str,
    now: i64,
) -> rusqlite::Result<usize> {
    transaction
        .prepare_cached(
            "UPDATE messages SET queue = ?2, receipt = NULL, receives_in_queue = 0, visible_at = ?3
             WHERE position = ?1",
        )?
        .execute(params![position, dead_letter_arn, now])
}

fn claim(
    transaction: &Transaction<'_>,
    position: i64,
    now: i64,
    timeout: Duration,
) -> rusqlite::Result<Claimed> {
    let receipt = new_uuid().to_string();
    let visible_at = now + millis(timeout).max(1);
    transaction
        .prepare_cached(
            "UPDATE messages SET receipt = ?2, visible_at = ?3, receives = receives + 1,
                 receives_in_queue = receives_in_queue + 1, first_received_at = COALESCE(first_received_at, ?4)
             WHERE position = ?1
             RETURNING id, receipt, body, attributes, sent_at, receives, first_received_at, message_group",
        )?
        .query_row(params![position, receipt, visible_at, now], claimed)
}

fn claimed(row: &Row<'_>) -> rusqlite::Result<Claimed> {
    let attributes: String = row.get(3)?;
    Ok(Claimed {
        id: row.get(0)?,
        receipt: row.get(1)?,
        body: row.get(2)?,
        attributes: serde_json::from_str(&attributes).unwrap_or_default(),
        sent_at: row.get(4)?,
        receives: row.get(5)?,
        first_received_at: row.get(6)?,
        group: row.get(7)?,
    })
}

/// Only the newest receipt of a message deletes it.
pub(super) fn delete(transaction: &Transaction<'_>, arn: &str, receipts: &[String]) -> rusqlite::Result<()> {
    let mut delete = transaction.prepare_cached("DELETE FROM messages WHERE queue = ?1 AND receipt = ?2")?;
    for receipt in receipts {
        delete.execute(params![arn, receipt])?;
    }
    Ok(())
}

pub(super) fn purge(transaction: &Transaction<'_>, arn: &str) -> rusqlite::Result<usize> {
    transaction.execute("DELETE FROM messages WHERE queue = ?1", [arn])
}

pub(super) fn messages(transaction: &Transaction<'_>, arn: &str) -> rusqlite::Result<Vec<Message>> {
    transaction
        .prepare_cached(
            "SELECT body, attributes, message_group FROM messages WHERE queue = ?1 ORDER BY position",
        )?
        .query_map([arn], message)?
        .collect()
}

fn message(row: &Row<'_>) -> rusqlite::Result<Message> {
    let attributes: String = row.get(1)?;
    let attributes: MessageAttributes = serde_json::from_str(&attributes).unwrap_or_default();
    Ok(Message { body: row.get(0)?, attributes: attributes::values(attributes), group: row.get(2)? })
}

pub(super) fn next_visible_at(transaction: &Transaction<'_>, arn: &str) -> rusqlite::Result<Option<i64>> {
    transaction
        .prepare_cached("SELECT MIN(visible_at) FROM messages WHERE queue = ?1")?
        .query_row([arn], |row| row.get(0))
}

pub(super) fn depth(transaction: &Transaction<'_>, arn: &str, now: i64) -> rusqlite::Result<(u64, u64)> {
    transaction
        .prepare_cached(
            "SELECT COUNT(*) FILTER (WHERE visible_at <= ?2), COUNT(*) FILTER (WHERE visible_at > ?2)
             FROM messages WHERE queue = ?1",
        )?
        .query_row(params![arn, now], |row| Ok((row.get(0)?, row.get(1)?)))
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}
