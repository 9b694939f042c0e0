import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  randomBytes,
  sign,
  timingSafeEqual,
  verify,
} from "node:crypto";

import argon2 from "@node-rs/argon2";

import { prepare, transaction } from "./database.mjs";
import { GatewayRefusal, Problem, done } from "./http.mjs";
import { newId } from "./ids.mjs";
import { object, oneOf, text } from "./input.mjs";

const ISSUER = "terrace";
const TOKEN_SECONDS = 900;
const SESSION_SECONDS = 30 * 24 * 60 * 60;
/** As long as API Gateway keeps an authorizer's answer. */
const VERIFIED_MS = 60_000;
const VERIFIED_MOST = 10_000;
/** OWASP's minimum for argon2id. */
const ARGON2 = { algorithm: 2, memoryCost: 19 * 1024, timeCost: 2, parallelism: 1 };

const NAME = text(1, 100, /^[^\s\p{Cc}]([^\p{Cc}]*[^\s\p{Cc}])?$/u, "must not begin or end with white space");
const SLUG_RULE = "must be lower-case letters, digits and single hyphens, begin with a letter and not end with a hyphen";
const SLUG = text(3, 40, /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, SLUG_RULE);
const EMAIL = text(3, 254, /^[^@\s]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/, "must be an e-mail address like name@example.com");
const PASSWORD = text(12, 128);
const ADMIN = { name: NAME, email: EMAIL, password: PASSWORD };
const TENANT = { name: NAME, slug: SLUG, tier: oneOf("free", "pro", "enterprise"), admin: (value, at) => object(value, ADMIN, at) };
const LOG_IN = { tenant: SLUG, email: EMAIL, password: PASSWORD };

const insertTenant = prepare("INSERT INTO tenants VALUES (?, ?, ?, ?, 'active', 1)");
const insertUser = prepare("INSERT INTO users VALUES (?, ?, ?, ?, ?, 'active', ?, 1)");
const insertSession = prepare("INSERT INTO sessions VALUES (?, ?, ?, ?, ?)");
const standing = prepare(`
  SELECT u.role FROM users u JOIN tenants t ON t.id = u.tenant
    JOIN sessions s ON s.tenant = u.tenant AND s.user = u.id
  WHERE u.tenant = ? AND u.id = ? AND s.id = ? AND u.status = 'active' AND t.status = 'active'`);
const login = prepare(`
  SELECT t.id AS tenant, u.id AS user, u.role, u.password FROM tenants t JOIN users u ON u.tenant = t.id
  WHERE t.slug = ? AND u.email = ? AND u.status = 'active' AND t.status = 'active'`);
const selectUser = prepare("SELECT id, name, email, role, status, version FROM users WHERE tenant = ? AND id = ?");

const sha256 = (value) => createHash("sha256").update(value).digest();
const operatorKey = sha256(process.env.OPERATOR_KEY ?? randomBytes(32));
/** Verified when nobody is found, so that the time does not tell whether there is such a user. */
const nobody = argon2.hashSync("nobody has this password", ARGON2);
const { privateKey, publicKey } = signingKey();
const HEADER = encode({ alg: "ES256", kid: "key-1", typ: "JWT" });
const verified = new Map();

/** Admits who knows the operator key. */
export function operator(request, _response, next) {
  const sent = request.headers["x-operator-key"];
  if (sent === undefined) throw new Problem("unauthorized", "Send the operator key as x-operator-key.");
  if (!timingSafeEqual(sha256(sent), operatorKey)) throw new Problem("unauthorized", "The operator key is not right.");
  next();
}

export async function onboard(request, response) {
  const { name, slug, tier, admin } = object(request.body, TENANT);
  const [id, user, email] = [newId("ten_"), newId("usr_"), admin.email.toLowerCase()];
  const password = await argon2.hash(admin.password, ARGON2);
  try {
    commitTenant([id, slug, name, tier], [id, user, admin.name, email, "admin", password]);
  } catch (error) {
    if (error.code !== "SQLITE_CONSTRAINT_UNIQUE") throw error;
    throw new Problem("conflict", "This tenant is taken; choose another.");
  }
  done(response, 201, { id, name, slug, tier, version: 1, admin: { id: user, name: admin.name, email } }, 1);
}

const commitTenant = transaction((tenant, user) => {
  insertTenant.run(tenant);
  insertUser.run(user);
});

export async function logIn(request, response) {
  const { tenant: slug, email, password } = object(request.body, LOG_IN);
  const found = login.get(slug, email.toLowerCase());
  const isRight = await argon2.verify(found?.password ?? nobody, password);
  if (!found || !isRight) {
    throw new Problem("unauthorized", "Tenant, e-mail address and password do not belong together.");
  }
  const { tenant, user, role } = found;
  const [session, secret, now] = [newId("ses_"), randomBytes(32), Math.floor(Date.now() / 1000)];
  insertSession.run(tenant, user, session, sha256(secret).toString("hex"), now + SESSION_SECONDS);
  const claims = { iss: ISSUER, aud: ISSUER, sub: user, sid: session, tid: tenant, role, iat: now, exp: now + TOKEN_SECONDS };
  const body = {
    accessToken: token(claims),
    tokenType: "Bearer",
    expiresIn: TOKEN_SECONDS,
    refreshToken: `${slug}.${user}.${session}.${secret.toString("base64url")}`,
    refreshExpiresIn: SESSION_SECONDS,
    tenantId: tenant,
  };
  done(response, 201, body);
}

/** Admits the users of a tenant. */
export function member(request, _response, next) {
  const header = request.headers.authorization;
  if (header === undefined) throw new GatewayRefusal(401, "Unauthorized");
  const now = Date.now();
  let known = verified.get(header);
  if (known === undefined || known.until <= now) {
    known = verifiedToken(header, now);
    if (verified.size >= VERIFIED_MOST) verified.delete(verified.keys().next().value);
    verified.set(header, known);
  }
  if (known.expires <= now) throw new Problem("unauthorized", "The token has expired; sign in again.");
  const sent = request.headers["x-tenant-id"];
  if (sent !== undefined && sent !== known.tenant) {
    throw new Problem("forbidden", "Send x-tenant-id once, with the tenant of the token, or leave it out.");
  }
  request.caller = known;
  next();
}

/** Admits admins alone; it stands after `member`. */
export function admin(request, _response, next) {
  if (request.caller.role === "admin") return next();
  throw new Problem("forbidden", "This needs the role of an admin; ask one of your tenant's admins.");
}

function verifiedToken(header, now) {
  const [, head, payload, signature] = /^bearer +([\w-]+)\.([\w-]+)\.([\w-]+)$/i.exec(header) ?? [];
  const key = { key: publicKey, dsaEncoding: "ieee-p1363" };
  const isGenuine =
    head === HEADER && verify("sha256", Buffer.from(`${head}.${payload}`), key, Buffer.from(signature, "base64url"));
  if (!isGenuine) throw new GatewayRefusal(403, "Forbidden");
  const { iss, aud, tid: tenant, sub: user, sid, exp } = JSON.parse(Buffer.from(payload, "base64url"));
  const found = iss === ISSUER && aud === ISSUER && exp * 1000 > now && standing.get(tenant, user, sid);
  if (!found) throw new GatewayRefusal(403, "Forbidden");
  return { tenant, user, role: found.role, expires: exp * 1000, until: now + VERIFIED_MS };
}

export function userView({ tenant, user }) {
  const { id, name, email, role, status, version } = selectUser.get(tenant, user);
  return { id, name, email, role, status, tenantId: tenant, version };
}

function token(claims) {
  const input = `${HEADER}.${encode({ ...claims, jti: randomBytes(16).toString("hex") })}`;
  const signature = sign("sha256", Buffer.from(input), { key: privateKey, dsaEncoding: "ieee-p1363" });
  return `${input}.${signature.toString("base64url")}`;
}

function encode(value) {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

/** Kept in the database, so that tokens outlive a restart. */
function signingKey() {
  let pem = prepare("SELECT private FROM signing_key").pluck().get();
  if (pem === undefined) {
    pem = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ type: "pkcs8", format: "pem" });
    prepare("INSERT INTO signing_key VALUES (?)").run(pem);
  }
  return { privateKey: createPrivateKey(pem), publicKey: createPublicKey(pem) };
}
