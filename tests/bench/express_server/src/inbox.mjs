import { prepare } from "./database.mjs";
import { show } from "./http.mjs";
import { page, paged } from "./input.mjs";

const newest = prepare("SELECT * FROM inbox WHERE tenant = ? AND user = ? AND id < ? ORDER BY id DESC LIMIT ?");
const unread = prepare("SELECT count FROM unread WHERE tenant = ? AND user = ?").pluck();

export function list(request, response) {
  const { tenant, user } = request.caller;
  const { limit, cursor } = page(request, "ntf_");
  show(request, response, paged(newest.all(tenant, user, cursor, limit + 1), limit, view));
}

export function overview({ tenant, user }, length) {
  return { unread: unread.get(tenant, user) ?? 0, items: newest.all(tenant, user, "ntf_g", length).map(view) };
}

function view({ id, kind, order_id: orderId, created_at: createdAt, read_at: readAt }) {
  return { id, kind, orderId, createdAt, readAt: readAt ?? undefined };
}
