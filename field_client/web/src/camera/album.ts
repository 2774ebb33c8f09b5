// Pictures as they are kept and found again: told as a fact, shown by their digest.
//
// The bytes that were captured, or chosen in the gallery, are the original; the fact names
// their digest. A small picture lies in the projection and stays when the bytes were let go.
// May not enter: the camera, how a picture looks on a screen.

import type { Fact } from "../../../../sync/facts.ts";
import { all_of, known_item, photo_agreed, type Check } from "../guidance.ts";
import { tablet } from "../state.ts";
import { glimpse_of } from "./darkroom.ts";
import type { Taken } from "./shrink.ts";

export type When = "before" | "during" | "after" | "other";

/** Of what, and when in the work. */
export interface About {
  readonly stream: string;
  readonly moment: When;
  readonly item: number | null;
  readonly impersonal: boolean; // nobody and nothing private is in it (V4a)
}

/** Keep a picture that the camera took. On disk when this is answered. */
export async function keep_taken({ photo, thumb }: Taken, about: About): Promise<Fact> {
  const bytes = new Uint8Array(await photo.arrayBuffer());
  return keep(bytes, photo.type, thumb, about, "camera");
}

/** Keep a file that was chosen, byte for byte as it is. */
export async function keep_chosen(file: Blob, about: About): Promise<Fact> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  return keep(bytes, picture_type(bytes), await glimpse_of(file), about, "gallery");
}

async function keep(
  bytes: Uint8Array<ArrayBuffer>, type: string, thumb: Blob | null, about: About,
  source: "camera" | "gallery",
): Promise<Fact> {
  const { stream, moment, item, impersonal } = about;
  await tablet().store.room.make_room(bytes.length);
  const known = known_item(item);
  const check: Check = impersonal ? known : all_of(known, photo_agreed);
  const fact = await tablet().tell(
    stream,
    { kind: "work.photographed", says: { corrects: null, moment, item, source } },
    {}, { photo: [bytes, type] }, { check },
  );
  const [blob] = fact.envelope.head.blobs;
  if (thumb !== null && blob !== undefined) show_as(blob.sha256, thumb);
  return fact;
}

const STARTS: ReadonlyArray<readonly [start: readonly number[], type: string]> = [
  [[0xff, 0xd8, 0xff], "image/jpeg"],
  [[0x89, 0x50, 0x4e, 0x47], "image/png"],
  [[0x52, 0x49, 0x46, 0x46], "image/webp"],
];

/** What the first bytes claim; the server looks closer. */
export function picture_type(bytes: Uint8Array): string {
  if (String.fromCharCode(...bytes.subarray(4, 8)) === "ftyp") return "image/heic";
  const found = STARTS.find(([start]) => start.every((byte, at) => bytes[at] === byte));
  return found?.[1] ?? "application/octet-stream";
}

/** A picture by its digest: the original while it is here, else the small one, else null. */
export async function picture(name: string, small: boolean): Promise<Blob | null> {
  const { outbox, projection } = tablet().store;
  const thumb = async (): Promise<Blob | null> => fresh.get(name) ?? projection.thumb(name);
  const whole = (): Promise<Blob | null> => outbox.bytes_named(name);
  return small ? await thumb() ?? await whole() : await whole() ?? await thumb();
}

// Small pictures that are on their way to the store; it is slow where the tablet is.
const fresh = new Map<string, Blob>();

/** Show this picture so from now on. Nobody waits for the store: until it has it, and should
 * it fail, the original is there. */
function show_as(name: string, thumb: Blob): void {
  fresh.set(name, thumb);
  const over = (): void => { fresh.delete(name); };
  void tablet().store.projection.keep_thumb(name, thumb).then(over, over);
}
