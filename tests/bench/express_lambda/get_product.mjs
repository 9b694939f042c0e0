import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import express from "express";
import serverless from "serverless-http";

import { tableClient } from "./aws.mjs";
import { Problem } from "./problem.mjs";

const TABLE = process.env.TENANT_TABLE;
const PRODUCT_ID = /^prd_[0-9a-f]{32}$/;
const ID_RULE = "must be an id like prd_…: the prefix and 32 lower-case hexadecimal digits";

let coldStart = true;

const app = express();
app.disable("x-powered-by");
app.disable("etag");
app.enable("case sensitive routing");

app.use((request, response, next) => {
  const started = process.hrtime.bigint();
  response.on("finish", () => {
    const line = {
      level: "INFO",
      message: "request",
      function: process.env.AWS_LAMBDA_FUNCTION_NAME,
      route: "GET /products/{id}",
      request_id: request.gateway.requestId,
      tenant: request.gateway.authorizer?.lambda?.tenant,
      status: response.statusCode,
      cause: response.locals.cause,
      cold_start: coldStart,
      duration_us: Number((process.hrtime.bigint() - started) / 1000n),
    };
    coldStart = false;
    // `console.log` of the runtime would put a prefix before the JSON.
    process.stdout.write(`${JSON.stringify(line)}\n`);
  });
  next();
});

app.get("/products/:id", async (request, response) => {
  const caller = authorize(request);
  const { id } = request.params;
  if (!PRODUCT_ID.test(id)) throw Problem.invalid("/id", ID_RULE);
  for (const name in request.query) throw Problem.invalid(`/${name}`, "is not known here");
  const { Item: item } = await tableClient(caller).send(
    new GetItemCommand({
      TableName: TABLE,
      Key: { pk: { S: `T#${caller.tenant}#products` }, sk: { S: id } },
      ConsistentRead: true,
    }),
  );
  if (item === undefined) throw new Problem(404, "There is no such product.");
  const version = Number(item.version.N);
  const { name, price, status, createdAt } = JSON.parse(item.doc.S);
  // Express answers 304 by this tag, if the client has sent it.
  response.set({ ETag: `"${version}"`, "Cache-Control": "private, no-cache", Vary: "authorization" });
  response.json({ id, name, price, status, version, createdAt });
});

app.use((error, request, response, _next) => {
  const problem = Problem.from(error);
  response.locals.cause = problem.cause?.message;
  response.status(problem.status).set("Cache-Control", "no-store").type("application/problem+json");
  response.send(JSON.stringify(problem.document(request.gateway.requestId)));
});

function authorize(request) {
  const caller = request.gateway.authorizer?.lambda;
  if (!caller) throw new Problem(401, "Sign in and send the token as a bearer token.");
  if (caller.expiresAt <= Date.now() / 1000) throw new Problem(401, "The token has expired; sign in again.");
  const sent = request.headers["x-tenant-id"];
  if (sent !== undefined && sent !== caller.tenant) {
    throw new Problem(403, "Send x-tenant-id once, with the tenant of the token, or leave it out.");
  }
  return caller;
}

export const handler = serverless(app, {
  provider: "aws",
  request(request, event) {
    request.gateway = event.requestContext;
  },
});
