// The page's side of the worker that makes pictures smaller.
//
// One worker, kept: starting it costs more than a picture. May not enter: the camera, where
// pictures are kept.

import type { Developed, Wanted } from "./darkroom_worker.ts";
import type { Seen, Taken } from "./shrink.ts";

type Ask = { readonly seen: Seen } | { readonly file: Blob };

let worker: Worker | null = null;
let asked = 0;
const waiting = new Map<number, (made: Developed) => void>();

/** Start the worker before the first picture is taken. */
export function prepare(): void {
  if (worker !== null) return;
  worker = new Worker(new URL("./darkroom_worker.ts", import.meta.url), { type: "module" });
  worker.onmessage = ({ data }: MessageEvent<Developed>) => answered(data);
  worker.onerror = (event) => gave_up(event.message);
}

/** The picture that is kept, out of what the camera saw. */
export async function develop(seen: Seen): Promise<Taken> {
  const { photo, thumb, why } = await ask({ seen }, [seen]);
  if (photo === null || thumb === null) throw new Error(why ?? "no picture came back");
  return { photo, thumb };
}

/** A small picture of a file; null if this browser cannot read it. */
export async function glimpse_of(file: Blob): Promise<Blob | null> {
  return (await ask({ file }, [])).thumb;
}

function ask(said: Ask, handed: Transferable[]): Promise<Developed> {
  prepare();
  const id = ++asked;
  const wanted: Wanted = { id, ...said };
  return new Promise((answer) => {
    waiting.set(id, answer);
    worker?.postMessage(wanted, handed);
  });
}

function answered(made: Developed): void {
  waiting.get(made.id)?.(made);
  waiting.delete(made.id);
}

/** The worker is dead: whoever waits is told, and the next picture starts another. */
function gave_up(why: string): void {
  worker = null;
  for (const id of [...waiting.keys()]) answered({ id, photo: null, thumb: null, why });
}
