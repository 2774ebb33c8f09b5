// How the bytes of one original travel: tus 1.0.0, resumed where it was cut, also by
// another tab or after a restart.
//
// Small ones go in one request; large ones with tus-js-client, which is fetched when the
// first of them is due; a tablet without the leave to hand in bytes signs each piece. May
// not enter: what counts as a receipt.

import { b64, sha256 } from "../../../../sync/envelope.ts";
import type { Original } from "../store/owed.ts";
import type { Exchanging } from "./contact.ts";
import type { Target } from "./doors.ts";
import { Answered, NoAnswer, type Bytes, type Headers_, type Reply } from "./transport.ts";

export const SMALL_BYTES = 256 * 1024; // at once; also of a piece that is signed
export const TUS: Headers_ = { "Tus-Resumable": "1.0.0" };
export const UPLOADS = "/v1/uploads";
const PIECE: Headers_ = { "Content-Type": "application/offset+octet-stream" };
const MOST_STEPS = 3; // fresh starts of one upload in one exchange
const GONE: ReadonlySet<number> = new Set([403, 404, 410]);
const BEGIN_ANEW: ReadonlySet<number> = new Set([...GONE, 422]);
const ASK_AGAIN: ReadonlySet<number> = new Set([409, 460]);

/** Bring all bytes of one original to the server, from where it got to. */
export async function send(exchange: Exchanging, original: Original): Promise<void> {
  let last: Answered | null = null;
  for (let step = 0; step < MOST_STEPS; step++) {
    try {
      await by_some_way(exchange, original, step === 0);
      return;
    } catch (no) {
      const status = no instanceof Answered ? no.status : 0;
      if (!(no instanceof Answered) || !(BEGIN_ANEW.has(status) || ASK_AGAIN.has(status))) {
        throw no;
      }
      if (BEGIN_ANEW.has(status)) {
        await exchange.store.outbox.note_upload(original.sha256, null);
      }
      last = no;
    }
  }
  throw last ?? new NoAnswer("no upload");
}

async function by_some_way(
  exchange: Exchanging, original: Original, fresh: boolean,
): Promise<void> {
  const upload = await noted(exchange, original);
  if (grant_of(exchange) === "") return in_pieces(exchange, original, upload);
  if (original.size > SMALL_BYTES) {
    const { carry_up } = await import("./uploading.ts");
    return carry_up(exchange, original, upload);
  }
  if (fresh && upload === null) return at_once(exchange, original);
  return in_pieces(exchange, original, upload);
}

/** The leave to hand in bytes; a revoked tablet has none and signs each piece. */
export function grant_of({ welcome }: Exchanging): string {
  return welcome?.uploads ?? "";
}

/** What is said of an upload when it begins. */
export function metadata_of(original: Original): Record<string, string> {
  return { sha256: original.sha256, type: original.type };
}

async function noted({ store }: Exchanging, { seq }: Original): Promise<string | null> {
  const known = await store.outbox.originals();
  return known.find((one) => one.seq === seq)?.upload ?? null;
}

async function at_once(exchange: Exchanging, original: Original): Promise<void> {
  const body = await exchange.store.outbox.part(original.seq, 0, original.size);
  const headers = { ...PIECE, ...announced(original) };
  const moved = (bytes: number): void => exchange.watch("bytes", bytes, original.size);
  const reply = await ask(exchange, "POST", UPLOADS, headers, body, moved);
  if (offset_of(reply) < original.size) {
    await in_pieces(exchange, original, upload_in(reply));
  }
}

/** What is left, piece by piece; the server may have reasons to keep less of one. */
async function in_pieces(
  exchange: Exchanging, original: Original, upload: string | null,
): Promise<void> {
  let [offset, where] = await standing(exchange, original, upload);
  while (offset < original.size) {
    const piece = await exchange.store.outbox.part(original.seq, offset, SMALL_BYTES);
    const reply = await ask(exchange, "PATCH", where, await headers_of(offset, piece), piece);
    if (offset_of(reply) <= offset) throw new NoAnswer("no progress");
    offset = offset_of(reply);
    exchange.watch("bytes", offset, original.size);
  }
}

/** Where to go on: an upload that was begun, or a new one; maybe the one that was begun
 * before the answer was lost. */
async function standing(
  exchange: Exchanging, original: Original, upload: string | null,
): Promise<readonly [number, string]> {
  if (upload !== null) {
    try {
      return [offset_of(await ask(exchange, "HEAD", upload)), upload];
    } catch (no) {
      if (!(no instanceof Answered) || !GONE.has(no.status)) throw no;
    }
  }
  const reply = await ask(exchange, "POST", UPLOADS, announced(original));
  await exchange.store.outbox.note_upload(original.sha256, upload_in(reply));
  return [offset_of(reply), upload_in(reply)];
}

/** A request about bytes, under the grant if there is one. */
async function ask(
  exchange: Exchanging, method: string, target: string, headers: Headers_ = {},
  body?: Bytes, moved?: (bytes: number) => void,
): Promise<Reply> {
  const grant = grant_of(exchange);
  const said = { ...TUS, ...headers };
  if (grant) return exchange.door.carry(method, target, grant, said, body, moved);
  const [way, where] = [method as "PATCH", target as Target<"PATCH">]; // as it was told
  return exchange.door.ask(way, where, body, said);
}

function announced(original: Original): Headers_ {
  const said = Object.entries(metadata_of(original));
  return {
    "Upload-Length": String(original.size),
    "Upload-Metadata": said.map(([name, held]) => `${name} ${btoa(held)}`).join(","),
  };
}

async function headers_of(offset: number, piece: Bytes): Promise<Headers_> {
  const letters = b64(await sha256(piece)).replaceAll("-", "+").replaceAll("_", "/");
  return {
    ...PIECE, "Upload-Offset": String(offset), "Upload-Checksum": `sha256 ${letters}=`,
  };
}

function upload_in(reply: Reply): string {
  const path = reply.headers.get("location") ?? "";
  const upload = path.startsWith("/") ? path : new URL(path || "/", location.href).pathname;
  if (!upload.startsWith(`${UPLOADS}/`)) throw new NoAnswer("no upload");
  return upload;
}

/** How far the server says it got. */
export function offset_of(reply: Reply): number {
  const text = reply.headers.get("upload-offset") ?? "";
  if (!/^[0-9]{1,15}$/.test(text)) throw new NoAnswer("no offset");
  return Number(text);
}
