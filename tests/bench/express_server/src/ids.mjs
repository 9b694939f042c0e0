import { createHash, randomUUID } from "node:crypto";

let last = 0;
let counter = 0;

/** A UUID of version 7 behind a prefix. Ids of one millisecond count up, so ids sort as they were made. */
export function newId(prefix) {
  const now = Date.now();
  if (now > last) [last, counter] = [now, 0];
  else if (++counter > 0xfff) [last, counter] = [last + 1, 0];
  const random = randomUUID();
  const time = last.toString(16).padStart(12, "0");
  return `${prefix}${time}7${counter.toString(16).padStart(3, "0")}${random.slice(19, 23)}${random.slice(24)}`;
}

/** The id is made from the event's, so that a repetition makes the same one. It sorts as the event does. */
export function notificationId(event, user) {
  const bytes = createHash("sha1").update(event.slice(4), "hex").update(user.slice(4), "hex").digest();
  bytes[6] = (bytes[6] & 0x0f) | 0x80;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return `ntf_${event.slice(4, 16)}${bytes.toString("hex", 6, 16)}`;
}
