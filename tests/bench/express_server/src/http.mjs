import { createHash } from "node:crypto";

const TITLES = {
  "malformed-request": [400, "The request cannot be read"],
  unauthorized: [401, "Not signed in"],
  forbidden: [403, "Not allowed"],
  "not-found": [404, "Not found"],
  conflict: [409, "The state does not allow it"],
  "precondition-failed": [412, "It has changed since you read it"],
  "payload-too-large": [413, "The body is too large"],
  "unsupported-media-type": [415, "The body is not JSON"],
  validation: [422, "A value breaks a rule"],
  "precondition-required": [428, "If-Match is missing"],
  internal: [500, "Something went wrong here"],
};

/** A refusal or a failure, as problem details of RFC 9457. */
export class Problem extends Error {
  constructor(slug, detail, errors) {
    super(detail);
    this.slug = slug;
    this.errors = errors;
  }

  static invalid(field, rule) {
    return new Problem("validation", `${field}: ${rule}`, [{ field, rule }]);
  }

  static notFound(what) {
    return new Problem("not-found", `There is no such ${what}.`);
  }
}

/** A refusal that API Gateway answers itself, before any function. */
export class GatewayRefusal extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

function end(response, status, type, text) {
  response.statusCode = status;
  response.setHeader("Content-Type", type);
  response.setHeader("Content-Length", Buffer.byteLength(text));
  response.end(text);
}

/** Answers a GET of a signed-in user, with 304 if the client has that answer already. */
export function show(request, response, body, version) {
  response.setHeader("Cache-Control", "private, no-cache");
  response.setHeader("Vary", "authorization");
  revalidate(request, response, body, version);
}

/** Answers a GET that is open to all. */
export function showAll(request, response, body) {
  response.setHeader("Cache-Control", "no-cache");
  revalidate(request, response, body);
}

function revalidate(request, response, body, version) {
  const text = JSON.stringify(body);
  response.setHeader("ETag", version === undefined ? digest(text) : `"${version}"`);
  if (request.fresh) {
    response.statusCode = 304;
    return response.end();
  }
  end(response, 200, "application/json", text);
}

/** Answers a command. */
export function done(response, status, body, version, location) {
  response.setHeader("Cache-Control", "no-store");
  if (version !== undefined) response.setHeader("ETag", `"${version}"`);
  if (location !== undefined) response.setHeader("Location", location);
  end(response, status, "application/json", JSON.stringify(body));
}

export function fail(error, request, response, _next) {
  response.setHeader("Cache-Control", "no-store");
  if (error instanceof GatewayRefusal) {
    return end(response, error.status, "application/json", JSON.stringify({ message: error.message }));
  }
  const { slug, message: detail, errors } = problemOf(error);
  const [status, title] = TITLES[slug];
  const requestId = crypto.randomUUID();
  if (status === 500) process.stderr.write(`${requestId}: ${error.stack}\n`);
  const document = { type: `/problems/${slug}`, title, status, detail, requestId, errors };
  end(response, status, "application/problem+json", JSON.stringify(document));
}

function problemOf(error) {
  if (error instanceof Problem) return error;
  switch (error.type) {
    case "entity.parse.failed":
      return new Problem("malformed-request", `The body is not JSON: ${error.message}.`);
    case "entity.too.large":
      return new Problem("payload-too-large", "A body may have 262144 bytes at most.");
  }
  return new Problem("internal", "The request was not carried out. The request id helps to find out why.");
}

function digest(text) {
  return `"${createHash("sha256").update(text).digest("hex").slice(0, 32)}"`;
}

/** Refuses a change by a client that has not seen the present version. */
export function requireMatch(request, version) {
  const sent = request.headers["if-match"];
  if (sent === undefined) throw new Problem("precondition-required", "Send If-Match with the ETag that you read.");
  const tags = sent.split(",").map((tag) => tag.trim());
  if (tags.includes("*") || tags.includes(`"${version}"`)) return;
  if (!tags.every((tag) => /^(W\/)?"[^\s"\x7f]*"$/.test(tag))) {
    throw Problem.invalid("/if-match", "must be an ETag, quotation marks included, or *");
  }
  const detail = `It is at version ${version} now; read it again and repeat with its ETag.`;
  throw new Problem("precondition-failed", detail);
}
