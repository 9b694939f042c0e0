import { CURRENCIES } from "./currencies.mjs";
import { prepare } from "./database.mjs";
import { Problem, done, show } from "./http.mjs";
import { newId } from "./ids.mjs";
import { id, integer, object, page, paged, text } from "./input.mjs";

const NAME = text(1, 100, /^[^\s\p{Cc}]([^\p{Cc}]*[^\s\p{Cc}])?$/u, "must not begin or end with white space");
const MONEY = {
  amount: integer(0, 1_000_000_000_000),
  currency(value, at) {
    if (!CURRENCIES.has(value)) throw Problem.invalid(at, "must be an ISO 4217 currency code like EUR");
  },
};
const PRODUCT = { name: NAME, price: (value, at) => object(value, MONEY, at) };

const insert = prepare("INSERT INTO products VALUES (?, ?, ?, ?, ?, 'active', 1, ?)");
const select = prepare("SELECT * FROM products WHERE tenant = ? AND id = ?");
const newest = prepare("SELECT * FROM products WHERE tenant = ? AND id < ? ORDER BY id DESC LIMIT ?");

export function create(request, response) {
  const { name, price } = object(request.body, PRODUCT);
  const [product, createdAt] = [newId("prd_"), new Date().toISOString()];
  insert.run(request.caller.tenant, product, name, price.amount, price.currency, createdAt);
  const { amount, currency } = price;
  const body = { id: product, name, price: { amount, currency }, status: "active", version: 1, createdAt };
  done(response, 201, body, 1, `/products/${product}`);
}

export function get(request, response) {
  id("prd_")(request.params.id, "/id");
  const found = find(request.caller.tenant, request.params.id);
  if (found === undefined) throw Problem.notFound("product");
  show(request, response, view(found), found.version);
}

export function list(request, response) {
  const { limit, cursor } = page(request, "prd_");
  show(request, response, paged(newest.all(request.caller.tenant, cursor, limit + 1), limit, view));
}

export function find(tenant, product) {
  return select.get(tenant, product);
}

function view({ id, name, amount, currency, status, version, created_at: createdAt }) {
  return { id, name, price: { amount, currency }, status, version, createdAt };
}
