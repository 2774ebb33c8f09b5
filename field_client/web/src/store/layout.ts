// How the outbox lies in the browser: frozen for life.
//
// Nothing in OUTBOX may ever change, be migrated or be added to: an outbox written by the
// first release is read by the last one. What may change lives in the projection, which may
// be dropped at any time. A test pins OUTBOX by its digest. May not enter: reading, writing.
//
// Of a field with a `?` the value may be null. A fact waits while it has no receipt of the
// epoch in `server`; what a receipt of an older epoch says is kept, and counts no more (F17).
// Bytes lie apart from what is known of them, so that noting an upload does not write a photo
// again. A draft is what a person began and has not told yet: the only copy there is.

export interface StoreLayout {
  readonly name: string;
  readonly key: string | readonly string[] | null; // null: the key is handed in
  readonly counts: boolean; // the store gives the keys out, 1, 2, 3 …
  readonly unique: Readonly<Record<string, string | readonly string[]>>;
  readonly found_by: Readonly<Record<string, string>>;
  readonly holds: string;
}

export const OUTBOX_NAME = "doorstep-outbox";
export const VERSION = 1;

export const OUTBOX: readonly StoreLayout[] = [
  store("device", null, "`key`: a pair of keys that cannot be taken out; `person`: actor, in"),
  store("person", "actor", "actor, enrolment (JSON), lock?"),
  store("server", null, "`one`: epoch?, durable_through, voucher?, epochs (JSON)?"),
  counted("voucher", "log n voucher epoch", { tip: ["log", "n"] }),
  counted("log", "name n tip?", { name: "name" }),
  counted(
    "fact", "id log n stream b x (JSON) epoch? position? receipt (JSON)?",
    { id: "id", place: ["log", "n"] }, { stream: "stream" },
  ),
  counted(
    "blob", "sha256 type role size upload? epoch? position? receipt (JSON)?",
    { sha256: "sha256" },
  ),
  store("original", null, "by the seq of its blob: a Blob of exactly these bytes"),
  store("draft", ["person", "name"], "person, name, value, at_ms"),
];

// The projection's own version: another one in the browser is thrown away and pulled again.
export const PROJECTION_NAME = "doorstep-projection";
export const PROJECTION_VERSION = 1;

export const PROJECTION: readonly StoreLayout[] = [
  store("document", ["person", "stream"], "rev epoch round document text mac gone?"),
  store("former", ["person", "stream", "epoch"], "rev text mac gone? shown_to?"),
  store("note", null, "by name: a JSON text"),
  counted("anchor", "token anchor (JSON)", { token: "token" }),
  store("shown", ["person", "stream"], "round rev epoch lamport sheet"),
  store("thumb", null, "by sha256: a small picture"),
  counted("reading", "why reading (JSON)"),
];

function store(name: string, key: string | readonly string[] | null, holds: string): StoreLayout {
  return { name, key, counts: false, unique: {}, found_by: {}, holds };
}

function counted(
  name: string, holds: string, unique: StoreLayout["unique"] = {},
  found_by: StoreLayout["found_by"] = {},
): StoreLayout {
  return { name, key: "seq", counts: true, unique, found_by, holds };
}
