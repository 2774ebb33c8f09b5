// Take home small copies of the pictures that belong to orders: what the owner sent with the
// request, what others photographed. So that they are there in the basement (U-A1).
//
// Each is asked for once in a run of the app if the server has none. Nothing here is the only
// copy of anything. May not enter: originals of this tablet.

import { is_list, is_object, type Json, type JsonObject } from "../../../../sync/json.ts";
import type { Held } from "../store/projection.ts";
import type { Exchanging } from "./contact.ts";
import { Answered } from "./transport.ts";

const MOST_AT_ONCE = 60; // of one exchange; the next one goes on
const LARGE = 1024; // of what the owner sent: it is looked at before anything else is
const SMALL = 256;

const asked_in_vain = new Set<string>();

/** Fetch what is not here, most wanted first. A picture that the server cannot show holds up
 * no other. */
export async function take_pictures(exchange: Exchanging): Promise<void> {
  const { projection, store, door } = exchange;
  let taken = 0;
  for (const [sha256, side] of wanted(await projection.documents())) {
    if (taken >= MOST_AT_ONCE) return;
    if (asked_in_vain.has(sha256) || await projection.thumb(sha256) !== null) continue;
    if (await store.outbox.bytes_named(sha256) !== null) continue;
    try {
      const { body } = await door.ask("GET", `/v1/blobs/${sha256}/preview?side=${side}`);
      await projection.keep_thumb(sha256, new Blob([body], { type: "image/jpeg" }));
      taken += 1;
    } catch (no) {
      if (!(no instanceof Answered) || no.status === 401) throw no;
      asked_in_vain.add(sha256);
    }
  }
}

/** Pictures of orders that are still this technician's, as far as the server has them. */
function wanted(documents: readonly Held[]): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const { document, gone } of documents) {
    const order = document.get("order");
    if (gone !== null || !is_object(order)) continue;
    const there = new Set(list(document.get("held")));
    for (const [name, side] of [["reported", LARGE], ["photos", SMALL]] as const) {
      for (const sha256 of pictures(order, name)) {
        if (there.has(sha256) && !found.has(sha256)) found.set(sha256, side);
      }
    }
  }
  return found;
}

function pictures(order: JsonObject, name: string): readonly string[] {
  return list(order.get(name)).flatMap((one) => {
    const blob = is_object(one) ? one.get("blob") : null;
    const sha256 = is_object(blob) ? blob.get("sha256") : null;
    return typeof sha256 === "string" ? [sha256] : [];
  });
}

function list(value: Json | undefined): readonly Json[] {
  return is_list(value) ? value : [];
}
