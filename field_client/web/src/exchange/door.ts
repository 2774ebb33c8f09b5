// Every request signed by the device, every answer sealed by the server (F26, X5).
//
// The twin of `door.py`. An answer without its seal is as good as none: a captive portal's
// 200, a proxy's page, an answer that was cut or altered. May not enter: what is asked, how
// it travels.

import { b64, bytes_of } from "../../../../sync/envelope.ts";
import { is_object, read_json, write_json, type Json } from "../../../../sync/json.ts";
import { Refused } from "../../../../sync/problems.ts";
import {
  answer_text, public_jwk, read_jwk, request_text, sign, thumbprint, verifies, type Jwk,
} from "../../../../sync/signing.ts";
import type { Enrolment } from "../store/owed.ts";
import type { Method, Target } from "./doors.ts";
import { follow_keys, newest_key } from "./server_keys.ts";
import {
  Answered, NoAnswer, NOTHING, type Bytes, type Call, type Headers_, type Reply,
} from "./transport.ts";

export const NO_TOKEN = "-"; // says that there is none
export const JSON_: Headers_ = { "Content-Type": "application/json" };
const SEAL_TO = "Doorstep-Seal-To";
const FINGER = 16; // characters of the server key's thumbprint on an enrolment code
const WORD_BYTES = 16;
export const UNSEALED = "unsealed";

/** The way to one server for one device, in the hands of one person. `token` is the newest
 * time token. */
export class Door {
  token = NO_TOKEN;
  readonly call: Call;
  readonly who: Enrolment;
  readonly key: CryptoKeyPair;
  private server_key: CryptoKey;
  private readonly stop: AbortSignal | undefined;

  private constructor(
    call: Call, who: Enrolment, key: CryptoKeyPair, server_key: CryptoKey,
    stop: AbortSignal | undefined,
  ) {
    this.call = call;
    this.who = who;
    this.key = key;
    this.server_key = server_key;
    this.stop = stop;
  }

  static async to(
    call: Call, who: Enrolment, key: CryptoKeyPair, stop?: AbortSignal,
  ): Promise<Door> {
    const server_key = await read_jwk(await newest_key(who.server_key));
    return new Door(call, who, key, server_key, stop);
  }

  /** Has the server a new key that the old one let in? From now on it seals. */
  async follow_keys(): Promise<boolean> {
    if (!await follow_keys(this.call, this.who.server_key)) return false;
    this.server_key = await read_jwk(await newest_key(this.who.server_key));
    return true;
  }

  /** A believed answer below 400; `Answered` for a believed no. */
  async ask<M extends Method>(
    method: M, target: Target<M>, body: Bytes = NOTHING, headers: Headers_ = {},
    patience_ms?: number,
  ): Promise<Reply> {
    const { device, actor } = this.who;
    const token = this.token;
    const text = await request_text(method, target, token, actor, body);
    const signature = await sign(this.key.privateKey, text);
    const authorization =
      `Doorstep device="${device}", actor="${actor}",` +
      ` nonce="${token}", signature="${signature}"`;
    const sent = { ...headers, Authorization: authorization };
    const along = { stop: this.stop, patience_ms };
    const reply = await this.call(method, target, sent, body, along);
    return believed(reply, this.server_key, signature);
  }

  /** The same under the leave to hand in bytes, which signs nothing: so the body may be
   * read while it is sent. The answer is sealed to a word never said before. */
  async carry(
    method: string, target: string, grant: string, headers: Headers_,
    body: Bytes | Blob = NOTHING, moved?: (bytes: number) => void,
  ): Promise<Reply> {
    const word = b64(crypto.getRandomValues(new Uint8Array(WORD_BYTES)));
    const sent = { ...headers, Authorization: `Bearer ${grant}`, [SEAL_TO]: word };
    const reply = await this.call(method, target, sent, body, { stop: this.stop, moved });
    return believed(reply, this.server_key, `uploads ${word}`);
  }

  /** The same with JSON on both ways. */
  async ask_json<M extends Method>(
    method: M, target: Target<M>, value: Json = null, patience_ms?: number,
  ): Promise<Json> {
    if (value === null) return json_of(await this.ask(method, target));
    const body = bytes_of(write_json(value));
    return json_of(await this.ask(method, target, body, JSON_, patience_ms));
  }
}

/** The reply if the server has sealed exactly it; else there was no answer. */
export async function believed(
  reply: Reply, key: CryptoKey, signature: string,
): Promise<Reply> {
  const seal = reply.headers.get("doorstep-seal") ?? "";
  const text = await answer_text(signature, reply.status, reply.body);
  if (!(await verifies(key, text, seal))) throw new NoAnswer(UNSEALED, reply.status);
  if (reply.status >= 400) throw answered(reply);
  return reply;
}

/** The text of a believed answer. */
export function text_of(reply: Reply): string {
  return new TextDecoder().decode(reply.body);
}

/** The JSON object of a believed answer. */
export function json_of(reply: Reply): Json {
  try {
    return read_json(text_of(reply), null);
  } catch (why) {
    if (why instanceof Refused) throw new NoAnswer("not JSON", reply.status);
    throw why;
  }
}

function answered(reply: Reply): Answered {
  return new Answered(reply.status, problem(reply), retry_after_ms(reply));
}

/** What a no says of itself. Read leniently: it decides no more than what is shown. */
function problem(reply: Reply): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text_of(reply));
    return value !== null && typeof value === "object" ? { ...value } : {};
  } catch {
    return {};
  }
}

function retry_after_ms(reply: Reply): number | null {
  const text = reply.headers.get("retry-after") ?? "";
  return /^[0-9]{1,9}$/.test(text) ? Number(text) * 1000 : null;
}

/** Who this tablet is to the server that the code names.
 *
 * The code carries the beginning of the server key's thumbprint, so that nobody in between
 * can put a key of their own in its place (X20). `key` is the public half. */
export async function enrol(
  call: Call, server: string, code: string, key: CryptoKey, name: string,
): Promise<Enrolment> {
  const [secret = "", finger = "", ...rest] = code.trim().split(".");
  if (!secret || finger.length !== FINGER || rest.length) throw new Refused("code_misshapen");
  const asked = { code: secret, key: await public_jwk(key), name };
  const reply = await call("POST", "/v1/devices", JSON_, bytes_of(JSON.stringify(asked)));
  if (reply.status >= 400) throw the_no(reply);
  const answer = json_of(reply);
  const server_key = server_key_in(answer, reply);
  if (!(await thumbprint(server_key)).startsWith(finger)) {
    throw new Refused("server_not_the_one");
  }
  await believed(reply, await read_jwk(server_key), secret);
  return {
    device: word(answer, "device", reply), actor: word(answer, "actor", reply),
    role: word(answer, "role", reply), server, server_key,
    certificate: is_object(answer) ? String(answer.get("certificate") ?? "") : "",
  };
}

/** Be known again to a server that was put back to before this device enrolled. */
export async function come_in_again(
  call: Call, who: Enrolment, public_key: CryptoKey,
): Promise<void> {
  const asked = { certificate: who.certificate, key: await public_jwk(public_key) };
  const reply = await call("POST", "/v1/devices", JSON_, bytes_of(JSON.stringify(asked)));
  const server_key = await read_jwk(await newest_key(who.server_key));
  await believed(reply, server_key, who.certificate);
}

function server_key_in(answer: Json, reply: Reply): Jwk {
  const key = is_object(answer) ? answer.get("server_key") : undefined;
  if (!is_object(key)) throw new NoAnswer("not an enrolment", reply.status);
  const [crv, kty, x, y] = ["crv", "kty", "x", "y"].map((part) => word(key, part, reply));
  return { crv: crv ?? "", kty: kty ?? "", x: x ?? "", y: y ?? "" };
}

function word(answer: Json, name: string, reply: Reply): string {
  const held = is_object(answer) ? answer.get(name) : undefined;
  if (typeof held !== "string") throw new NoAnswer("not an enrolment", reply.status);
  return held;
}

/** A no to an enrolment. The server's key is not known yet, so it is not proven; nothing is
 * changed by believing it. */
function the_no(reply: Reply): Error {
  const no = answered(reply);
  return no.code ? no : new NoAnswer("unsealed", reply.status);
}
