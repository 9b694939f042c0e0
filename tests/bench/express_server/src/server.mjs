import { createServer } from "node:http";

import express from "express";

import { admin, logIn, member, onboard, operator } from "./accounts.mjs";
import * as catalog from "./catalog.mjs";
import { dashboard } from "./dashboard.mjs";
import { database, prepare } from "./database.mjs";
import { GatewayRefusal, done, fail, showAll } from "./http.mjs";
import * as inbox from "./inbox.mjs";
import { json } from "./input.mjs";
import * as orders from "./orders.mjs";
import { pending, wake } from "./outbox.mjs";

const probe = prepare("SELECT count(*) FROM (SELECT 1 FROM tenants LIMIT 1)");
const HEALTH = {
  status: "ok",
  checks: [
    { name: "registryTable", status: "ok" },
    { name: "signingKey", status: "ok" },
  ],
};

const app = express();
app.disable("x-powered-by");
app.disable("etag");

// The routes that are called most stand first, since they are tried in their order.
app.get("/products/:id", member, catalog.get);
app.get("/bff/dashboard", member, dashboard);
app.post("/orders", member, json, orders.place);
app.post("/orders/:id/confirmation", member, orders.confirm);
app.get("/orders/:id", member, orders.get);
app.get("/orders", member, orders.list);
app.get("/products", member, catalog.list);
app.get("/notifications", member, inbox.list);
app.post("/products", member, admin, json, catalog.create);
app.post("/sessions", json, logIn);
app.post("/tenants", operator, json, onboard);
app.get("/health", (request, response) => {
  probe.get();
  showAll(request, response, HEALTH);
});
app.get("/outbox", (_request, response) => done(response, 200, { pending: pending() }));
app.use(() => {
  throw new GatewayRefusal(404, "Not Found");
});
app.use(fail);

const server = createServer(app);
// Clients that pause for longer than Node's five seconds keep their connections, as behind a load balancer.
server.keepAliveTimeout = 65_000;
server.headersTimeout = 66_000;

for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, () => {
    server.close(() => {
      database.close();
      process.exit(0);
    });
    server.closeAllConnections();
  });
}

// What an earlier process has left in the outbox.
wake();
server.listen(0, "127.0.0.1", () => {
  process.stdout.write(`listening http://127.0.0.1:${server.address().port}\n`);
});
