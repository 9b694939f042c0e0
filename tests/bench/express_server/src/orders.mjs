import { find } from "./catalog.mjs";
import { prepare, transaction } from "./database.mjs";
import { Problem, done, requireMatch, show } from "./http.mjs";
import { newId } from "./ids.mjs";
import { id, integer, object, page, paged } from "./input.mjs";
import { wake } from "./outbox.mjs";

const MOST_LINES = 200;
const MOST = 1_000_000_000_000;
const LINE = { productId: id("prd_"), quantity: integer(1, 10_000) };
const ORDER = {
  lines(value, at) {
    if (!Array.isArray(value)) throw Problem.invalid(at, "must be a list");
    if (value.length < 1 || value.length > MOST_LINES) throw Problem.invalid(at, `must have 1 to ${MOST_LINES} lines`);
    value.forEach((line, index) => object(line, LINE, `${at}/${index}`));
  },
};

const insertEvent = prepare("INSERT INTO order_events VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
const insertOutbox = prepare("INSERT INTO outbox (tenant, order_id, version) VALUES (?, ?, ?)");
const events = prepare("SELECT * FROM order_events WHERE tenant = ? AND order_id = ? ORDER BY version");
const newest = prepare("SELECT * FROM order_list WHERE tenant = ? AND id < ? ORDER BY id DESC LIMIT ?");
const newestOf = prepare("SELECT * FROM order_list WHERE tenant = ? AND customer = ? AND id < ? ORDER BY id DESC LIMIT ?");

/** The event and its place in the outbox, in one transaction. */
const append = transaction(({ tenant, user }, order, version, type, at, data) => {
  insertEvent.run(tenant, order, version, newId("evt_"), type, user, at, JSON.stringify(data));
  insertOutbox.run(tenant, order, version);
});

export function place(request, response) {
  const { tenant, user } = request.caller;
  const lines = priced(tenant, object(request.body, ORDER).lines);
  const [order, at] = [newId("ord_"), new Date().toISOString()];
  append(request.caller, order, 1, "order.placed", at, { customer: user, lines });
  wake();
  done(response, 201, view(placed(order, user, lines, at)), 1, `/orders/${order}`);
}

export function get(request, response) {
  const order = visible(request);
  show(request, response, view(order), order.version);
}

export function confirm(request, response) {
  const order = visible(request);
  requireMatch(request, order.version);
  if (order.confirmedAt) throw new Problem("conflict", "The order was confirmed already; there is nothing left to do.");
  const at = new Date().toISOString();
  append(request.caller, order.id, order.version + 1, "order.confirmed", at, {});
  wake();
  const next = { ...order, version: order.version + 1, confirmedAt: at };
  done(response, 200, view(next), next.version);
}

export function list(request, response) {
  const { limit, cursor } = page(request, "ord_");
  show(request, response, paged(rows(request.caller, cursor, limit + 1), limit, summary));
}

export function recent(caller, length) {
  return rows(caller, "ord_g", length).map(summary);
}

/** The order as its events tell it, or undefined. */
export function load(tenant, id) {
  let order;
  for (const { type, at, version, data } of events.iterate(tenant, id)) {
    if (type === "order.placed") {
      const { customer, lines } = JSON.parse(data);
      order = placed(id, customer, lines, at);
    } else {
      order = { ...order, version, confirmedAt: at };
    }
  }
  return order;
}

function visible(request) {
  const { tenant, user, role } = request.caller;
  id("ord_")(request.params.id, "/id");
  const order = load(tenant, request.params.id);
  if (order === undefined || (role !== "admin" && order.customer !== user)) throw Problem.notFound("order");
  return order;
}

function rows({ tenant, user, role }, cursor, limit) {
  return role === "admin" ? newest.all(tenant, cursor, limit) : newestOf.all(tenant, user, cursor, limit);
}

function priced(tenant, requests) {
  const seen = new Set();
  const lines = requests.map(({ productId, quantity }, index) => {
    const product = find(tenant, productId);
    const refuse = (rule) => Problem.invalid(`/lines/${index}/productId`, rule);
    if (product === undefined) throw refuse("must be a product of the catalog");
    if (product.status !== "active") throw refuse("must be a product that is not retired");
    if (seen.has(productId)) throw refuse("must have one line a product");
    seen.add(productId);
    return { productId, name: product.name, amount: product.amount, currency: product.currency, quantity };
  });
  let total = 0;
  lines.forEach((line, index) => {
    if (line.currency !== lines[0].currency) throw Problem.invalid(`/lines/${index}`, "must be in one currency");
    total += line.amount * line.quantity;
    if (total > MOST) throw Problem.invalid(`/lines/${index}`, `must come to at most ${MOST} minor units`);
  });
  return lines;
}

function placed(id, customer, lines, placedAt) {
  const amount = lines.reduce((sum, line) => sum + line.amount * line.quantity, 0);
  return { id, customer, lines, total: { amount, currency: lines[0].currency }, version: 1, placedAt };
}

function view({ id, customer, lines, total, version, placedAt, confirmedAt }) {
  return {
    id,
    status: confirmedAt ? "confirmed" : "placed",
    customer,
    lines: lines.map(({ productId, name, amount, currency, quantity }) => ({
      productId,
      name,
      unitPrice: { amount, currency },
      quantity,
      total: { amount: amount * quantity, currency },
    })),
    total,
    version,
    placedAt,
    confirmedAt,
  };
}

function summary({ id, status, amount, currency, customer, line_count: lineCount, placed_at: placedAt }) {
  return { id, status, total: { amount, currency }, customer, lineCount, placedAt };
}
