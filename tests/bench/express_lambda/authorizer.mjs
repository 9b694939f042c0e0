import { createPublicKey, verify } from "node:crypto";

import { BatchGetItemCommand } from "@aws-sdk/client-dynamodb";
import { GetPublicKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";

import { functionCredentials, shared, tableClient } from "./aws.mjs";

const { TENANT_TABLE, TENANT_ROLE_ARN, TOKEN_ISSUER, SIGNING_KEY_IDS } = process.env;
const ACCESS = "read";
const CLOCK_SKEW_SECONDS = 60;
/** AWS's minimum. */
const SESSION_SECONDS = 900;
/** The gateway uses an answer for a minute, and a request that is handed it then takes half a minute at most. */
const RENEW_BEFORE_MS = 300_000;
const SESSIONS = 1_000;
const ROUNDS = 4;
const REFUSED = { isAuthorized: false };

const kms = new KMSClient({ ...shared, credentials: functionCredentials });
const sts = new STSClient({ ...shared, credentials: functionCredentials });
const sessions = new Map();
let coldStart = true;

const fetched = Promise.all(SIGNING_KEY_IDS.split(",").map((id) => publicKey(id.trim()))).then((pairs) => new Map(pairs));

export async function handler(event) {
  const outcome = await authorize(event.headers?.authorization);
  const refusal = typeof outcome === "string" ? outcome : undefined;
  const line = refusal
    ? { level: "INFO", message: "token refused", reason: refusal, cold_start: coldStart }
    : { level: "INFO", message: "token accepted", tenant: outcome.tenant, user: outcome.user, cold_start: coldStart };
  coldStart = false;
  process.stdout.write(`${JSON.stringify(line)}\n`);
  return refusal ? REFUSED : { isAuthorized: true, context: outcome };
}

/** The context of the accepted token, or why it is refused. */
async function authorize(header) {
  const token = /^bearer +(\S+)\s*$/i.exec(header ?? "")?.[1];
  if (token === undefined) return "no bearer token";
  const claims = verified(token, await fetched);
  if (typeof claims === "string") return claims;
  const { tid: tenant, sub: user } = claims;
  const credentials = await session(tenant);
  const [account, profile, mark] = await readEach(credentials, tenant, [
    [`user#${user}`, "-"],
    [`tenant#${tenant}`, "-"],
    [`ended#${user}`, `f#${claims.sid}`],
  ]);
  if (profile === undefined) throw new Error("the tenant has no profile");
  if ((JSON.parse(profile.doc.S).status ?? "active") !== "active") return "the tenant is suspended";
  if (mark !== undefined) return "the session was ended";
  const { role, status, validFrom } = account ? JSON.parse(account.doc.S) : {};
  if (status !== "active" || Date.parse(validFrom) !== Date.parse(claims.pwd)) {
    return "the user is deactivated or has changed the password since";
  }
  return { tenant, user, role, expiresAt: claims.exp, ...credentials };
}

function verified(token, keys) {
  const parts = token.split(".");
  if (parts.length !== 3) return "no JWT";
  const [header, payload, signature] = parts;
  let kid, alg, claims;
  try {
    ({ kid, alg } = JSON.parse(Buffer.from(header, "base64url")));
    claims = JSON.parse(Buffer.from(payload, "base64url"));
  } catch {
    return "no JWT";
  }
  const key = keys.get(kid);
  if (key === undefined) return "the token was signed with another key";
  const signed = Buffer.from(`${header}.${payload}`);
  const isGenuine =
    alg === "ES256" &&
    verify("sha256", signed, { key, dsaEncoding: "ieee-p1363" }, Buffer.from(signature, "base64url"));
  if (!isGenuine) return "the signature is not right";
  const now = Math.floor(Date.now() / 1000);
  if (!(claims.exp > now)) return "the token has expired";
  if (claims.nbf > now || !(claims.iat <= now + CLOCK_SKEW_SECONDS)) return "the token was issued in the future";
  if (claims.iss !== TOKEN_ISSUER || claims.aud !== TOKEN_ISSUER) return "the token is meant for others";
  const hasForm =
    /^ten_[0-9a-f]{32}$/.test(claims.tid) && /^usr_[0-9a-f]{32}$/.test(claims.sub) && /^[0-9a-f]{32}$/.test(claims.sid);
  return hasForm ? claims : "the claims are not ours";
}

/** Credentials for one tenant. Promises are cached, so that concurrent calls share one session. */
function session(tenant) {
  const known = sessions.get(tenant);
  if (known !== undefined && known.renewAt > Date.now()) return known.credentials;
  const entry = { renewAt: Infinity, credentials: assume(tenant) };
  entry.credentials.then(
    ({ expires }) => (entry.renewAt = expires - RENEW_BEFORE_MS),
    () => sessions.delete(tenant),
  );
  entry.credentials = entry.credentials.then(({ credentials }) => credentials);
  if (sessions.size >= SESSIONS) sessions.delete(sessions.keys().next().value);
  sessions.set(tenant, entry);
  return entry.credentials;
}

async function assume(tenant) {
  const { Credentials: issued } = await sts.send(
    new AssumeRoleCommand({
      RoleArn: TENANT_ROLE_ARN,
      RoleSessionName: tenant,
      DurationSeconds: SESSION_SECONDS,
      Tags: [
        { Key: "TenantId", Value: tenant },
        { Key: "Access", Value: ACCESS },
      ],
    }),
  );
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = issued;
  const credentials = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
  return { credentials, expires: Expiration.getTime() };
}

/** One consistent request for rows of different partitions; undefined for those that do not exist. */
async function readEach(credentials, tenant, places) {
  const wanted = places.map(([partition, sort]) => ({ pk: { S: `T#${tenant}#${partition}` }, sk: { S: sort } }));
  const client = tableClient(credentials);
  const found = [];
  let requests = { [TENANT_TABLE]: { Keys: wanted, ConsistentRead: true } };
  for (let round = 0; requests[TENANT_TABLE]; round += 1) {
    if (round === ROUNDS) throw new Error("the table is throttled");
    if (round > 0) await new Promise((resolve) => setTimeout(resolve, 25 * 2 ** round));
    const answer = await client.send(new BatchGetItemCommand({ RequestItems: requests }));
    found.push(...(answer.Responses?.[TENANT_TABLE] ?? []));
    requests = answer.UnprocessedKeys ?? {};
  }
  return wanted.map(({ pk, sk }) => found.find((row) => row.pk.S === pk.S && row.sk.S === sk.S));
}

async function publicKey(id) {
  const { PublicKey } = await kms.send(new GetPublicKeyCommand({ KeyId: id }));
  return [id, createPublicKey({ key: Buffer.from(PublicKey), format: "der", type: "spki" })];
}
