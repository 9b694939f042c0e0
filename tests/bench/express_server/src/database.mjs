import { mkdirSync } from "node:fs";
import { join } from "node:path";

import Database from "better-sqlite3";

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS signing_key (private TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS tenants (
    id TEXT PRIMARY KEY, slug TEXT NOT NULL UNIQUE, name TEXT NOT NULL, tier TEXT NOT NULL, status TEXT NOT NULL,
    version INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS users (
    tenant TEXT NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL, email TEXT NOT NULL, role TEXT NOT NULL,
    status TEXT NOT NULL, password TEXT NOT NULL, version INTEGER NOT NULL,
    PRIMARY KEY (tenant, id), UNIQUE (tenant, email)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS sessions (
    tenant TEXT NOT NULL, user TEXT NOT NULL, id TEXT NOT NULL, secret TEXT NOT NULL, expires_at INTEGER NOT NULL,
    PRIMARY KEY (tenant, user, id)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS products (
    tenant TEXT NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL, amount INTEGER NOT NULL, currency TEXT NOT NULL,
    status TEXT NOT NULL, version INTEGER NOT NULL, created_at TEXT NOT NULL,
    PRIMARY KEY (tenant, id)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS order_events (
    tenant TEXT NOT NULL, order_id TEXT NOT NULL, version INTEGER NOT NULL, id TEXT NOT NULL, type TEXT NOT NULL,
    actor TEXT NOT NULL, at TEXT NOT NULL, data TEXT NOT NULL,
    PRIMARY KEY (tenant, order_id, version)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS outbox (
    position INTEGER PRIMARY KEY, tenant TEXT NOT NULL, order_id TEXT NOT NULL, version INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS order_list (
    tenant TEXT NOT NULL, id TEXT NOT NULL, customer TEXT NOT NULL, status TEXT NOT NULL, amount INTEGER NOT NULL,
    currency TEXT NOT NULL, line_count INTEGER NOT NULL, placed_at TEXT NOT NULL, version INTEGER NOT NULL,
    PRIMARY KEY (tenant, id)) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS order_list_of_customer ON order_list (tenant, customer, id);
  CREATE TABLE IF NOT EXISTS inbox (
    tenant TEXT NOT NULL, user TEXT NOT NULL, id TEXT NOT NULL, kind TEXT NOT NULL, order_id TEXT NOT NULL,
    created_at TEXT NOT NULL, read_at TEXT,
    PRIMARY KEY (tenant, user, id)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS unread (
    tenant TEXT NOT NULL, user TEXT NOT NULL, count INTEGER NOT NULL,
    PRIMARY KEY (tenant, user)) WITHOUT ROWID;
`;

const directory = process.env.DATA_DIR ?? "data";
mkdirSync(directory, { recursive: true });

export const database = new Database(join(directory, "terrace.sqlite"));
// Without a sync for each commit: a commit survives the end of the process, but not a loss of power.
database.pragma("journal_mode = WAL");
database.pragma("synchronous = NORMAL");
database.pragma("cache_size = -65536");
database.pragma("temp_store = MEMORY");
database.exec(SCHEMA);

export const prepare = (sql) => database.prepare(sql);
/** A writer takes the lock at once, so that it never has to upgrade one. */
export const transaction = (body) => database.transaction(body).immediate;
