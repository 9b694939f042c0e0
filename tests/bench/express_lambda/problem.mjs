const TITLES = {
  401: ["unauthorized", "Not signed in"],
  403: ["forbidden", "Not allowed"],
  404: ["not-found", "Not found"],
  422: ["validation", "A value breaks a rule"],
  500: ["internal", "Something went wrong here"],
  503: ["unavailable", "Not available at the moment"],
};

/** A refusal or a failure, as problem details of RFC 9457. The cause is for the log alone. */
export class Problem extends Error {
  constructor(status, detail, { field, cause } = {}) {
    super(detail, { cause });
    this.status = status;
    this.field = field;
  }

  static invalid(field, rule) {
    return new Problem(422, `${field}: ${rule}`, { field: { field, rule } });
  }

  /** Of an error of the SDK: what may pass is a 503, what needs a repair is a 500. */
  static from(error) {
    if (error instanceof Problem) return error;
    const passes = error.$retryable || error.name === "TimeoutError" || error.$metadata?.httpStatusCode >= 500 || error.code;
    return passes
      ? new Problem(503, "A part of the backend does not answer; try again in a moment.", { cause: error })
      : new Problem(500, "The request was not carried out. The request id helps to find out why.", { cause: error });
  }

  document(requestId) {
    const [slug, title] = TITLES[this.status];
    const document = { type: `/problems/${slug}`, title, status: this.status, detail: this.message, requestId };
    if (this.field) document.errors = [this.field];
    return document;
  }
}
