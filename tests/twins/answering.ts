// Answers line by line what Python asks: one JSON question in, one JSON answer out.
//
// Values whose exact form matters travel as texts inside, and are read by the twins' own
// reader. Nothing is judged here; the tests in Python compare.

/// <reference types="node" />
import { createInterface } from "node:readline";
import { may, may_write, projects, type Grant } from "../../sync/access.ts";
import {
  committed, matches, read, write, type Head, type Private,
} from "../../sync/envelope.ts";
import { PAYLOADS } from "../../sync/exported/payloads.ts";
import { BlobRef, STAGES } from "../../sync/exported/records.ts";
import { is_in_turn, KINDS, stage_after, understand, type Fact } from "../../sync/facts.ts";
import {
  is_list, is_object, read_json, write_json, type Json, type JsonObject,
} from "../../sync/json.ts";
import { root_of } from "../../sync/log.ts";
import { list, type Shape } from "../../sync/plain.ts";
import { Refused, SENTENCES } from "../../sync/problems.ts";
import { Reading } from "../../sync/reading.ts";
import { public_jwk, push_text, read_jwk, sign, verifies } from "../../sync/signing.ts";
import { language_for, LANGUAGES, said } from "../../sync/words.ts";
import { folded } from "./folded.ts";

type Answer = Promise<JsonObject>;
const KEYS = await crypto.subtle.generateKey(
  { name: "ECDSA", namedCurve: "P-256" }, false, ["sign", "verify"],
);

/** What is in a body, written again from what was understood; or why it is none. */
async function understood(body: string): Answer {
  try {
    return shown(understand(await read(body)));
  } catch (error) {
    return refusal(error);
  }
}

function shown(fact: Fact): JsonObject {
  const { envelope, what } = fact;
  const { head } = envelope;
  const shape: Shape<typeof what.says> = PAYLOADS[what.kind];
  return new Map<string, Json>([
    ["id", envelope.id], ["t", envelope.kind], ["st", head.stream], ["log", head.log],
    ["n", head.n], ["p", head.prev], ["e", head.epoch], ["bs", head.basis],
    ["l", head.lamport], ["by", head.by], ["at", write_json(Reading.wire(fact.reading))],
    ["pc", head.private], ["bl", list(BlobRef).write(head.blobs)],
    ["pl", write_json(shape.write(what.says))],
  ]);
}

function refusal(error: unknown): JsonObject {
  if (!(error instanceof Refused)) throw error;
  const field = error.facts["field"];
  return new Map<string, Json>([["code", error.code], ["field", field ?? null]]);
}

/** A push that Python wrote: does everything about it hold? */
async function judged(push: JsonObject): Answer {
  const facts = items(push, "facts");
  const ids: string[] = [];
  let linked = true;
  let held = true;
  for (const fact of facts) {
    const { id, head } = await read(text(fact, "b"));
    linked &&= head.n === ids.length + 1 && head.prev === (ids.at(-1) ?? null);
    for (const [name, value] of inner(fact, "x")) {
      held &&= await matches(name, value, head.private.get(name));
    }
    ids.push(id);
  }
  const root = await root_of(ids);
  const key = await read_jwk(Object.fromEntries(
    [...inner(push, "jwk")].map(([name, value]) => [name, String(value)]),
  ));
  const signed = push_text(text(push, "log"), root);
  return new Map<string, Json>([
    ["ids", ids], ["linked", linked], ["held", held], ["root", root],
    ["fits", await verifies(key, signed, text(push, "signature"))],
  ]);
}

/** A push of one's own, from values that Python drew. */
async function told(push: JsonObject): Answer {
  const facts: Json[] = [];
  const ids: string[] = [];
  for (const drawn of items(push, "facts")) {
    const head: Head = {
      stream: text(drawn, "st"), log: text(push, "log"), n: ids.length + 1,
      prev: ids.at(-1) ?? null, epoch: text(drawn, "e"), basis: number(drawn, "bs"),
      lamport: number(drawn, "l"), by: text(drawn, "by"),
      at: read_json(text(drawn, "at"), null),
      private: await committed(privates(inner(drawn, "x"))),
      blobs: list(BlobRef).read(drawn.get("bl") ?? [], "bl"),
    };
    const payload = read_json(text(drawn, "pl"), null);
    const body = write(text(drawn, "t"), number(drawn, "tv"), head, payload);
    ids.push((await read(body)).id);
    facts.push(new Map<string, Json>([["b", body], ["x", inner(drawn, "x")]]));
  }
  const root = await root_of(ids);
  const signature = await sign(KEYS.privateKey, push_text(text(push, "log"), root));
  const jwk = new Map(Object.entries(await public_jwk(KEYS.publicKey)));
  return new Map<string, Json>([
    ["facts", facts], ["root", root], ["signature", signature], ["jwk", jwk],
  ]);
}

/** What the exported tables say of every kind, stage, role and sentence. */
async function tabled(question: JsonObject): Answer {
  const guards = [...KINDS.values()].map((kind): [string, Json] => [
    kind.kind,
    STAGES.map((stage) => [is_in_turn(kind, stage), stage_after(kind, stage)]),
  ]);
  const roles = items_of(question, "roles").map(String);
  const writers = [...KINDS.keys()].map((kind): [string, Json] => [
    kind, roles.filter((role) => may_write([role], kind)),
  ]);
  const sentences = [...SENTENCES].map(([code, sentence]): [string, Json] => [
    code, LANGUAGES.map((language) => said(sentence, language)),
  ]);
  const filled = new Refused("version_unknown", { version: 2 }).message;
  const tags = items_of(question, "tags").map((tag) => language_for(String(tag)));
  return new Map<string, Json>([
    ["guards", new Map(guards)], ["writers", new Map(writers)], ["tags", tags],
    ["sentences", new Map(sentences)], ["filled", filled],
    ["may", may_do(question)],
  ]);
}

/** What each of these hands full of grants may do, and where. */
function may_do(question: JsonObject): Json {
  return items_of(question, "hands").map((hand) => {
    const grants = (hand as readonly (readonly string[])[])
      .map(([role, project]): Grant => ({ role: role!, project: project! }));
    return items_of(question, "actions").map(String).map((action) => [
      [...projects(grants, action)].sort(), may(grants, action),
      ...items_of(question, "projects").map(String)
        .map((project) => may(grants, action, project)),
    ]);
  });
}

function privates(held: JsonObject): Private {
  return new Map([...held].map(([name, pair]) => {
    if (!is_list(pair)) throw new TypeError(name);
    return [name, [String(pair[0]), String(pair[1])] as const];
  }));
}

function text(held: JsonObject, name: string): string {
  const value = held.get(name);
  if (typeof value !== "string") throw new TypeError(`no text ${name}`);
  return value;
}

function number(held: JsonObject, name: string): number {
  const value = held.get(name);
  if (typeof value !== "number") throw new TypeError(`no number ${name}`);
  return value;
}

function inner(held: JsonObject, name: string): JsonObject {
  const value = held.get(name);
  if (!is_object(value)) throw new TypeError(`no object ${name}`);
  return value;
}

function items_of(held: JsonObject, name: string): readonly Json[] {
  const value = held.get(name);
  if (!is_list(value)) throw new TypeError(`no list ${name}`);
  return value;
}

function items(held: JsonObject, name: string): readonly JsonObject[] {
  return items_of(held, name).map((one) => {
    if (!is_object(one)) throw new TypeError(name);
    return one;
  });
}

const ANSWERS: Readonly<Record<string, (question: JsonObject) => Answer>> = {
  judge: judged,
  tell: told,
  tables: tabled,
  fold: (question) =>
    folded(items(question, "facts"), items_of(question, "cuts").map(Number)),
};

for await (const line of createInterface({ input: process.stdin })) {
  // A hostile body may hold what no strict reader takes: it comes alone, as a JSON text.
  const asked: unknown = line.startsWith('"') ? JSON.parse(line) : null;
  const question = typeof asked === "string" ? null : read_json(line, null);
  const answer = question
    ? await ANSWERS[text(question, "ask")]!(question)
    : await understood(String(asked));
  process.stdout.write(`${write_json(answer)}\n`);
}
