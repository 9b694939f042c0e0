import { readFileSync } from "node:fs";
import { Agent } from "node:https";

import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { NodeHttpHandler } from "@smithy/node-http-handler";

// Trusted in place of the store of Node.js, as Terrace's functions read the variable. `NODE_EXTRA_CA_CERTS` would add to
// that store, and make Node.js parse all of it.
const { SSL_CERT_FILE } = process.env;
const ca = SSL_CERT_FILE && readFileSync(SSL_CERT_FILE);

// One pool of kept-alive connections for all clients, since a client is made for each tenant's session.
const requestHandler = new NodeHttpHandler({
  connectionTimeout: 500,
  requestTimeout: 750,
  httpsAgent: new Agent({ keepAlive: true, maxSockets: 50, ca }),
});

// What is set here is not looked for in configuration files, which a Lambda function does not have.
export const shared = {
  region: process.env.AWS_REGION,
  requestHandler,
  maxAttempts: 3,
  retryMode: "standard",
  defaultsMode: "standard",
  useDualstackEndpoint: false,
  useFipsEndpoint: false,
};

export const functionCredentials = {
  accessKeyId: process.env.AWS_ACCESS_KEY_ID,
  secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY,
  sessionToken: process.env.AWS_SESSION_TOKEN,
};

const CLIENTS = 100;
const clients = new Map();

/** A client of the table with a tenant's session. Clients are cached, since making one costs more than a call's signature. */
export function tableClient({ accessKeyId, secretAccessKey, sessionToken }) {
  let client = clients.get(accessKeyId);
  if (client === undefined) {
    client = new DynamoDBClient({
      ...shared,
      credentials: { accessKeyId, secretAccessKey, sessionToken },
      accountIdEndpointMode: "disabled",
      endpointDiscoveryEnabled: false,
    });
    if (clients.size >= CLIENTS) clients.delete(clients.keys().next().value);
    clients.set(accessKeyId, client);
  }
  return client;
}
