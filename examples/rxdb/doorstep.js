// Two handlers between RxDB's replication and a Doorstep server, and what they stand on.
//
// Facts go up through `pushFacts`, documents come down through `pullOrders`. Every request
// is signed with the device's own key (WebCrypto, so the same lines run in a browser and
// in Node). May not enter: which database holds the collections, what a person is shown.

const text = new TextEncoder();

export const base64url = bytes =>
  btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "");

/** How Doorstep names bytes: SHA-256 as base64url. */
export const digest = async data =>
  base64url(await crypto.subtle.digest("SHA-256", typeof data === "string" ? text.encode(data) : data));

/** The server as one enrolled device sees it. `jwk` is the device's private P-256 key. */
export class Doorstep {
  constructor({ url, device, actor, jwk }) {
    Object.assign(this, { url, device, actor, jwk, token: "-" });
  }

  /** A signed request; its JSON. Throws on anything but a 2xx, and RxDB tries again. */
  async ask(method, target, value) {
    const body = value === undefined ? "" : JSON.stringify(value);
    const said = ["doorstep request", method, target, this.token, this.actor, await digest(body)];
    const signature = await this.#sign(said.join("\n"));
    const answer = await fetch(this.url + target, {
      method,
      body: body || undefined,
      headers: {
        "Content-Type": "application/json",
        Authorization:
          `Doorstep device="${this.device}", actor="${this.actor}",` +
          ` nonce="${this.token}", signature="${signature}"`,
      },
      signal: AbortSignal.timeout(40_000),
    });
    if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
    return answer.json();
  }

  /** Say hello: a time token for the requests that follow, and the epoch for new facts. */
  async greet() {
    this.token = "-";
    const welcome = await this.ask("POST", "/v1/sync/hello", { client: "rxdb-example" });
    this.token = welcome.token;
    this.epoch = welcome.epoch;
    return welcome;
  }

  async #sign(said) {
    const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
    this.key ??= await crypto.subtle.importKey("jwk", this.jwk, algorithm, false, ["sign"]);
    return base64url(await crypto.subtle.sign(algorithm, this.key, text.encode(said)));
  }
}

/**
 * The `pull.handler` of a collection of orders. The checkpoint is the server's cursor: it is
 * opaque and RxDB keeps it together with the documents of its page.
 *
 * After a reset everything comes again from the beginning; what has not come when it is
 * complete is no longer ours.
 */
export const pullOrders = (server, collection) => {
  let seen = null;
  return async (checkpoint, limit) => {
    if (server.token === "-") await server.greet();
    const asked = new URLSearchParams({ limit: String(Math.min(limit, 200)) });
    if (checkpoint?.cursor) asked.set("cursor", checkpoint.cursor);
    const page = await server.ask("GET", `/v1/sync/pull?${asked}`);
    if (page.reset) seen = new Set();
    const documents = [
      ...(page.documents ?? []).map(one => ({ ...one, id: one.stream, _deleted: false })),
      ...(page.gone ?? []).map(one => ({ id: one.stream, stream: one.stream, _deleted: true })),
    ];
    for (const one of documents) seen?.add(one.id);
    if (seen && page.complete) {
      const held = await collection().find().exec();
      documents.push(
        ...held
          .filter(one => !seen.has(one.id))
          .map(one => ({ id: one.id, stream: one.id, _deleted: true })),
      );
      seen = null;
    }
    return { documents, checkpoint: { cursor: page.cursor } };
  };
};

const IN_CUSTODY = new Set(["stored", "duplicate", "review", "deferred", "quarantined"]);

/**
 * The `push.handler` of a collection of facts. A fact leaves the queue when the server says
 * what became of it, and `note` keeps that word; an id without a receipt is sent again, with
 * its whole batch, which does no harm.
 */
export const pushFacts = (server, note) => async rows => {
  if (server.token === "-") await server.greet();
  const facts = rows.map(row => row.newDocumentState).sort((a, b) => a.n - b.n);
  const outcomes = await server.ask("POST", "/v1/sync/push", {
    facts: facts.map(one => ({ b: one.body, x: one.private })),
  });
  const receipts = new Map(outcomes.receipts.map(one => [one.id, one]));
  for (const one of facts) {
    const receipt = receipts.get(one.id);
    if (!receipt) throw new Error(`no receipt for ${one.id}`);
    await note({ ...receipt, custody: IN_CUSTODY.has(receipt.outcome) });
  }
  return []; // facts never conflict: nobody edits them
};

/**
 * A fact about an order, ready to be inserted. `log` remembers the chain: { log, n, tip }.
 * Write it once and keep exactly this text; its digest is its name.
 */
export const writeFact = async (server, log, order, kind, payload = {}) => {
  const n = log.n + 1;
  const body = JSON.stringify({
    v: 1, t: kind, tv: 1, st: order.stream, log: log.log, n, p: log.tip, e: server.epoch,
    bs: order.rev, l: (order.order.lamport ?? 0) + 1, by: server.actor,
    at: { w: Date.now(), z: -new Date().getTimezoneOffset(), t: server.token },
    pl: payload,
  }); // prettier-ignore
  const id = await digest(body);
  Object.assign(log, { n, tip: id });
  return { id, n, stream: order.stream, body, private: {} };
};

/** What the collections hold. */
export const schemas = {
  orders: {
    version: 0,
    primaryKey: "id",
    type: "object",
    properties: {
      id: { type: "string", maxLength: 80 },
      stream: { type: "string" },
      rev: { type: "integer" },
      order: { type: "object" },
      private: { type: "object" },
      held: { type: "array", items: { type: "string" } },
      flaws: { type: "object" },
      mac: { type: "string" },
    },
    required: ["id"],
  },
  facts: {
    version: 0,
    primaryKey: "id",
    type: "object",
    properties: {
      id: { type: "string", maxLength: 43 },
      n: { type: "integer" },
      stream: { type: "string" },
      body: { type: "string" },
      private: { type: "object" },
    },
    required: ["id", "n", "stream", "body"],
  },
  receipts: {
    version: 0,
    primaryKey: "id",
    type: "object",
    properties: {
      id: { type: "string", maxLength: 43 },
      outcome: { type: "string" },
      custody: { type: "boolean" },
      position: { type: "integer" },
      received_ms: { type: "integer" },
      reviews: { type: "array", items: { type: "string" } },
      reason: { type: "string" },
    },
    required: ["id", "outcome", "custody"],
  },
};
