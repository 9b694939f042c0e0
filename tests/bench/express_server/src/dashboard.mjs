import { userView } from "./accounts.mjs";
import { Problem, show } from "./http.mjs";
import { overview } from "./inbox.mjs";
import { recent } from "./orders.mjs";

const LENGTHS = new Map([
  ["web", 10],
  ["mobile", 3],
]);

export function dashboard(request, response) {
  const { view, ...others } = request.query;
  for (const name in others) throw Problem.invalid(`/${name}`, "is not known here");
  const length = LENGTHS.get(view);
  if (length === undefined) throw Problem.invalid("/view", "must be one of: web, mobile");
  const { caller } = request;
  show(request, response, {
    user: userView(caller),
    recentOrders: recent(caller, length),
    notifications: overview(caller, length),
    unavailable: [],
  });
}
