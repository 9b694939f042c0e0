//! The messages of all queues, in one table. Each function is a step of a transaction.

use std::time::Duration;

use rusqlite::{Row, Transaction, params};

use super::attributes::{self, MessageAttributes};
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
            "INSERT INTO messages (id, queue, body, attributes, sent_at, visible_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute(params![
            id,
            message.queue_arn,
            message.body,
            attributes,
            now,
            now + millis(message.delay)
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
) -> rusqlite::Result<(Vec<Claimed>, usize)> {
    let mut messages = Vec::new();
    let mut dead_lettered = 0;
    loop {
        let dead_lettered_before = dead_lettered;
        for (position, receives) in visible(transaction, &queue.arn, max - messages.len(), now)? {
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

fn visible(
    transaction: &Transaction<'_>,
    arn: &str,
    max: usize,
    now: i64,
) -> rusqlite::Result<Vec<(i64, u32)>> {
    transaction
        .prepare_cached(
            "SELECT position, receives_in_queue FROM messages
             WHERE queue = ?1 AND visible_at <= ?2 ORDER BY visible_at, position LIMIT ?3",
        )?
        .query_map(params![arn, now, max as i64], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect()
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
             RETURNING id, receipt, body, attributes, sent_at, receives, first_received_at",
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
        .prepare_cached("SELECT body, attributes FROM messages WHERE queue = ?1 ORDER BY position")?
        .query_map([arn], message)?
        .collect()
}

fn message(row: &Row<'_>) -> rusqlite::Result<Message> {
    let attributes: String = row.get(1)?;
    let attributes: MessageAttributes = serde_json::from_str(&attributes).unwrap_or_default();
    Ok(Message { body: row.get(0)?, attributes: attributes::values(attributes) })
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
