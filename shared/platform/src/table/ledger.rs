//! The ledger: what each tenant and the platform have used, by hour and by day, in a table of its own.
//!
//! A tenant's hours stand in a partition whose key begins with the tenant, so that its own session reads them. Each day
//! has a partition with a row for each tenant, which operators read.

use std::collections::{BTreeMap, HashMap};

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use aws_types::SdkConfig;
use domain::id::TenantId;
use domain::usage::{Day, Hour, Span, Usage};
use jiff::Timestamp;

use super::commit::commit;
use super::listing;
use super::scope::item_key;
use super::{Attribute, Condition, Conflict, Listing, Page, Row, Scope, SortKey, StoreError, Write};
use crate::aws::{dynamodb, with_endpoint};
use crate::config::{ConfigError, required};

const TABLE: &str = "METERING_TABLE";
/// The row of the platform in a day's partition. Ids of tenants begin otherwise.
const PLATFORM: &str = "platform";
/// On a tenant's row of a day, when it was closed.
const CLOSED_AT: Attribute = Attribute::new("closedAt");
const EXPIRES_AT: Attribute = Attribute::new("expiresAt");
/// How long a batch is known. Lambda repeats an invocation for six hours at most.
const KNOWN_SECONDS: i64 = 3 * 24 * 60 * 60;
const ADDED: Conflict = Conflict::Exists("batch");
/// Whatever is stored: rows are added to, and made by the first addition.
const ALWAYS: &str = "attribute_exists(pk) OR attribute_not_exists(pk)";

/// Beside a transaction's 100 items, these stand in each: the batch's mark, and the platform's hour and day.
const COUNTERS: usize = 97;
/// In thousandths, of each item of a transaction: no row is larger than a kilobyte.
const WRITTEN: u64 = 2_000;
/// The most Queries of one question, each of a megabyte at most.
const PAGES: usize = 10;

/// What was used in an hour, by tenant; `None` is the platform.
pub type Used = BTreeMap<(Hour, Option<TenantId>), Usage>;

/// A day's usage.
#[derive(Debug, Default)]
pub struct DayUsage {
    pub tenants: Vec<(TenantId, Usage)>,
    pub platform: Usage,
    /// Whether these are all tenants.
    pub is_complete: bool,
}

/// What a tenant has used on a day that is not closed for it. The ledger alone makes one.
#[derive(Debug, Clone, Copy)]
pub struct Unclosed {
    tenant: TenantId,
    day: Day,
    usage: Usage,
}

impl Unclosed {
    pub fn tenant(&self) -> TenantId {
        self.tenant
    }

    pub fn day(&self) -> Day {
        self.day
    }

    pub fn usage(&self) -> &Usage {
        &self.usage
    }
}

/// The table. Tenants' own sessions read it by [`Scope::usage`].
pub struct UsageLedger {
    client: Client,
    table: String,
}

/// A row that is added to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Counter {
    Hour(Option<TenantId>, Hour),
    Day(Option<TenantId>, Day),
}

impl UsageLedger {
    pub(crate) fn open(shared: &SdkConfig) -> Result<Self, ConfigError> {
        Ok(Self::new(shared, required(TABLE)?))
    }

    pub(crate) fn new(shared: &SdkConfig, table: String) -> Self {
        Self { client: dynamodb(&with_endpoint(shared, "AWS_ENDPOINT_URL_DYNAMODB")), table }
    }

    /// Adds what was used, once for each batch however often it comes: whoever repeats a batch repeats it whole. What the
    /// additions themselves consume is added to the platform's usage in the same transactions.
    ///
    /// Returns whether anything was new.
    pub async fn add(&self, batch: &str, used: &Used, now: Timestamp) -> Result<bool, StoreError> {
        let Some(own_hour) = used.keys().map(|(hour, _)| *hour).max() else { return Ok(false) };
        let mut is_new = false;
        for (part, counters) in parts(used, own_hour).into_iter().enumerate() {
            let mark = self.write(format!("batch#{batch}"), SortKey::of(part), Condition::absent(), ADDED);
            let mark = mark.number(EXPIRES_AT, now.as_second() + KNOWN_SECONDS);
            let counters = counters.into_iter().map(|(counter, usage)| self.addition(counter, &usage));
            match commit(&self.client, [mark].into_iter().chain(counters).collect()).await {
                Ok(()) => is_new = true,
                Err(StoreError::Conflict(was)) if was == ADDED => {}
                Err(error) => return Err(error),
            }
        }
        Ok(is_new)
    }

    fn addition(&self, counter: Counter, usage: &Usage) -> Write {
        let (partition, sort) = counter.key();
        let write = self.write(partition, sort, Condition::that(ALWAYS), ADDED).update();
        let added = amounts(usage).into_iter().filter(|(_, amount)| *amount > 0);
        added.fold(write, |write, (attribute, amount)| {
            write.add_number(attribute, i64::try_from(amount).unwrap_or(i64::MAX))
        })
    }

    fn write(&self, partition: String, sort: SortKey, condition: Condition, conflict: Conflict) -> Write {
        Write::new(&self.table, partition, &sort, condition, conflict)
    }

    /// A day's rows, eventually consistent.
    pub async fn of_day(&self, day: Day) -> Result<DayUsage, StoreError> {
        let (rows, is_complete) = query(&self.client, &self.table, day_key(day), None).await?;
        let mut found = DayUsage { is_complete, ..DayUsage::default() };
        for row in rows {
            let usage = usage(&row)?;
            match row.sort_key()?.as_str() {
                PLATFORM => found.platform = usage,
                tenant => found.tenants.push((tenant.parse().map_err(StoreError::corrupt)?, usage)),
            }
        }
        Ok(found)
    }

    /// Reads so many rows of a day by one Query, eventually consistent, and leaves out those that are closed.
    pub async fn unclosed(
        &self,
        day: Day,
        cursor: Option<SortKey>,
        limit: usize,
    ) -> Result<Page<Unclosed, SortKey>, StoreError> {
        let listing = Listing { ascending: true, cursor, limit, ..Listing::default() };
        let Page { items, next_cursor } =
            listing::query(&self.client, &self.table, &day_key(day), listing).await?;
        let of_tenants = items.iter().filter(|row| !row.has(CLOSED_AT) && !is_of_platform(row));
        let unclosed = |row: &Row| Ok(Unclosed { tenant: row.id()?, day, usage: usage(row)? });
        Ok(Page { items: of_tenants.map(unclosed).collect::<Result<_, StoreError>>()?, next_cursor })
    }

    /// Says that nothing is left to do for this row.
    pub async fn mark_closed(&self, row: &Unclosed, at: Timestamp) -> Result<(), StoreError> {
        let update = self.client.update_item().table_name(&self.table);
        let update = update.set_key(Some(item_key(&day_key(row.day), &SortKey::of(row.tenant))));
        let update =
            update.update_expression("SET closedAt = :at").condition_expression("attribute_exists(pk)");
        let update = update.expression_attribute_values(":at", AttributeValue::S(at.to_string()));
        update.send().await.map(drop).map_err(StoreError::from_sdk)
    }
}

fn is_of_platform(row: &Row) -> bool {
    row.sort_key().is_ok_and(|key| key.as_str() == PLATFORM)
}

impl Scope {
    /// The tenant's own usage by hour, eventually consistent. Hours without any are left out.
    pub async fn usage(&self, span: Span) -> Result<Vec<(Hour, Usage)>, StoreError> {
        let table = required(TABLE).map_err(StoreError::corrupt)?;
        let bounds = (span.first().to_string(), format!("{}{}", span.last(), char::MAX));
        let (rows, _) = query(self.client(), &table, hours_key(Some(self.tenant())), Some(bounds)).await?;
        rows.iter().map(|row| Ok((row.id()?, usage(row)?))).collect()
    }
}

impl Counter {
    fn key(self) -> (String, SortKey) {
        match self {
            Counter::Hour(tenant, hour) => (hours_key(tenant), SortKey::of(hour)),
            Counter::Day(Some(tenant), day) => (day_key(day), SortKey::of(tenant)),
            Counter::Day(None, day) => (day_key(day), SortKey::word(PLATFORM)),
        }
    }
}

fn hours_key(tenant: Option<TenantId>) -> String {
    match tenant {
        // Not a partition of the tenants' table: whose lines are added up is no proof of a tenant.
        Some(tenant) => format!("T#{tenant}#usage"),
        None => "platform#usage".to_owned(),
    }
}

fn day_key(day: Day) -> String {
    format!("usage#{day}")
}

/// The additions of each transaction. They are the same for the same batch.
fn parts(used: &Used, own_hour: Hour) -> Vec<BTreeMap<Counter, Usage>> {
    let mut counters = BTreeMap::<Counter, Usage>::new();
    for ((hour, tenant), usage) in used {
        *counters.entry(Counter::Hour(*tenant, *hour)).or_default() += *usage;
        *counters.entry(Counter::Day(*tenant, hour.day())).or_default() += *usage;
    }
    let own = [Counter::Hour(None, own_hour), Counter::Day(None, own_hour.day())];
    let of_platform = own.map(|counter| counters.remove(&counter).unwrap_or_default());
    let counters: Vec<(Counter, Usage)> = counters.into_iter().collect();
    // At least one, for a batch of the platform's lines alone.
    let mut parts: Vec<_> = (0..counters.len().div_ceil(COUNTERS).max(1))
        .map(|part| counters.iter().skip(part * COUNTERS).take(COUNTERS).copied().collect::<BTreeMap<_, _>>())
        .collect();
    for (index, part) in parts.iter_mut().enumerate() {
        let items = part.len() as u64 + own.len() as u64 + 1;
        let written = Usage { write_milliunits: items * WRITTEN, ..Usage::default() };
        for (counter, usage) in own.into_iter().zip(of_platform) {
            part.insert(counter, if index == 0 { usage + written } else { written });
        }
    }
    parts
}

const REQUESTS: Attribute = Attribute::new("requests");
const ERRORS: Attribute = Attribute::new("errors");
const READ: Attribute = Attribute::new("readMilliunits");
const WRITE_UNITS: Attribute = Attribute::new("writeMilliunits");
const TIME: Attribute = Attribute::new("functionUs");
const MEMORY: Attribute = Attribute::new("megabyteUs");
const INVOCATIONS: Attribute = Attribute::new("microInvocations");

fn amounts(usage: &Usage) -> [(Attribute, u64); 7] {
    [
        (REQUESTS, usage.requests),
        (ERRORS, usage.errors),
        (READ, usage.read_milliunits),
        (WRITE_UNITS, usage.write_milliunits),
        (TIME, usage.function_us),
        (MEMORY, usage.megabyte_us),
        (INVOCATIONS, usage.micro_invocations),
    ]
}

fn usage(row: &Row) -> Result<Usage, StoreError> {
    // What was never added to is not there.
    let amount = |attribute| if row.has(attribute) { row.number(attribute) } else { Ok(0) };
    Ok(Usage {
        requests: amount(REQUESTS)?,
        errors: amount(ERRORS)?,
        read_milliunits: amount(READ)?,
        write_milliunits: amount(WRITE_UNITS)?,
        function_us: amount(TIME)?,
        megabyte_us: amount(MEMORY)?,
        micro_invocations: amount(INVOCATIONS)?,
    })
}

/// The rows of a partition between two sort keys, and whether these are all.
async fn query(
    client: &Client,
    table: &str,
    partition: String,
    between: Option<(String, String)>,
) -> Result<(Vec<Row>, bool), StoreError> {
    let condition = match between {
        Some(_) => "pk = :pk AND sk BETWEEN :least AND :most",
        None => "pk = :pk",
    };
    let bounds = between.into_iter().flat_map(|(least, most)| [(":least", least), (":most", most)]);
    let values: HashMap<String, AttributeValue> = [(":pk", partition)]
        .into_iter()
        .chain(bounds)
        .map(|(name, value)| (name.to_owned(), AttributeValue::S(value)))
        .collect();
    let (mut rows, mut start) = (Vec::new(), None);
    for _ in 0..PAGES {
        let request = client.query().table_name(table).key_condition_expression(condition);
        let request = request.set_expression_attribute_values(Some(values.clone()));
        let answer = request.set_exclusive_start_key(start).send().await.map_err(StoreError::from_sdk)?;
        rows.extend(answer.items.unwrap_or_default().into_iter().map(Row::new));
        start = answer.last_evaluated_key;
        if start.is_none() {
            return Ok((rows, true));
        }
    }
    Ok((rows, false))
}

#[cfg(test)]
mod tests;
