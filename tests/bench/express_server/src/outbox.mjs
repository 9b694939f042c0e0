import { prepare, transaction } from "./database.mjs";
import { notificationId } from "./ids.mjs";
import { load } from "./orders.mjs";

/** The rows of one transaction. More would hold up requests for longer than they save writes. */
const BATCH = 32;

const oldest = prepare("SELECT * FROM outbox ORDER BY position LIMIT ?");
const remove = prepare("DELETE FROM outbox WHERE position = ?");
const count = prepare("SELECT count(*) FROM outbox").pluck();
const event = prepare("SELECT id, type, at FROM order_events WHERE tenant = ? AND order_id = ? AND version = ?");
const upsert = prepare(`
  INSERT INTO order_list VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT DO UPDATE SET status = excluded.status, version = excluded.version WHERE excluded.version > version`);
const recipients = prepare(`
  SELECT id FROM users WHERE tenant = @tenant AND status = 'active' AND (role = 'admin' OR id = @customer)`).pluck();
const deliver = prepare("INSERT INTO inbox VALUES (?, ?, ?, 'orderConfirmed', ?, ?, NULL) ON CONFLICT DO NOTHING");
const countUp = prepare("INSERT INTO unread VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET count = count + 1");

let isAwake = false;

/** Works on the outbox in the turns of the event loop that follow, after the answer was sent. */
export function wake() {
  if (isAwake) return;
  isAwake = true;
  setImmediate(work);
}

export function pending() {
  return count.get();
}

function work() {
  isAwake = false;
  if (workOnBatch() === BATCH) wake();
}

/** What follows from the events, and their end in the outbox, in one transaction. */
const workOnBatch = transaction(() => {
  const rows = oldest.all(BATCH);
  for (const { position, tenant, order_id: id, version } of rows) {
    const order = load(tenant, id);
    project(tenant, order);
    const { id: eventId, type, at } = event.get(tenant, id, version);
    if (type === "order.confirmed") notify(tenant, order, eventId, at);
    remove.run(position);
  }
  return rows.length;
});

function project(tenant, { id, customer, confirmedAt, total, lines, placedAt, version }) {
  const status = confirmedAt ? "confirmed" : "placed";
  upsert.run(tenant, id, customer, status, total.amount, total.currency, lines.length, placedAt, version);
}

function notify(tenant, { id, customer }, eventId, at) {
  for (const user of recipients.all({ tenant, customer })) {
    const { changes } = deliver.run(tenant, user, notificationId(eventId, user), id, at);
    if (changes) countUp.run(tenant, user);
  }
}
