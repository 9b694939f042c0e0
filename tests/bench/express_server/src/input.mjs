import express from "express";

import { Problem } from "./http.mjs";

const parse = express.json({ limit: 256 * 1024, strict: false });

/** Reads a JSON body. Routes without a body have no parser. */
export function json(request, response, next) {
  if (request.headers["content-type"] !== "application/json" && !request.is("application/json")) {
    return next(
      Number(request.headers["content-length"] ?? 0) > 0
        ? new Problem("unsupported-media-type", "Send the body with content-type: application/json.")
        : new Problem("malformed-request", "Send a JSON object as the body."),
    );
  }
  parse(request, response, next);
}

export function object(value, fields, at = "") {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw Problem.invalid(at, "must be an object");
  for (const name in value) if (!(name in fields)) throw Problem.invalid(`${at}/${name}`, "is not known here");
  for (const name in fields) {
    if (value[name] === undefined) throw Problem.invalid(`${at}/${name}`, "is required");
    fields[name](value[name], `${at}/${name}`);
  }
  return value;
}

export const text = (shortest, longest, pattern, rule) => (value, at) => {
  if (typeof value !== "string") throw Problem.invalid(at, "must be a string");
  const length = value.length > longest ? [...value].length : value.length;
  if (length < shortest || length > longest) {
    throw Problem.invalid(at, `must be ${shortest} to ${longest} characters long`);
  }
  if (pattern && !pattern.test(value)) throw Problem.invalid(at, rule);
};

export const integer = (least, most) => (value, at) => {
  if (!Number.isSafeInteger(value) || value < least || value > most) {
    throw Problem.invalid(at, `must be a whole number from ${least} to ${most}`);
  }
};

export const oneOf = (...names) => (value, at) => {
  if (!names.includes(value)) throw Problem.invalid(at, `must be one of: ${names.join(", ")}`);
};

const idRule = (prefix) => `must be an id like ${prefix}…: the prefix and 32 lower-case hexadecimal digits`;
const ids = Object.fromEntries(["prd_", "ord_", "ntf_"].map((prefix) => [prefix, RegExp(`^${prefix}[0-9a-f]{32}$`)]));

export const id = (prefix) => (value, at) => {
  if (typeof value !== "string" || !ids[prefix].test(value)) throw Problem.invalid(at, idRule(prefix));
};

/** The parameters of a list: `cursor` is the last id of the page before. */
export function page(request, prefix) {
  const { limit = "20", cursor, ...others } = request.query;
  for (const name in others) throw Problem.invalid(`/${name}`, "is not known here");
  if (!/^([1-9]\d?|100)$/.test(limit)) throw Problem.invalid("/limit", "must be a whole number from 1 to 100");
  if (cursor !== undefined) id(prefix)(cursor, "/cursor");
  return { limit: Number(limit), cursor: cursor ?? `${prefix}g` };
}

/** One row more than the page was read, which tells whether another page follows. */
export function paged(rows, limit, view) {
  const items = rows.slice(0, limit).map(view);
  return rows.length > limit ? { items, nextCursor: items.at(-1).id } : { items };
}
