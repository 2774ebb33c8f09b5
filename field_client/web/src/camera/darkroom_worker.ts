// The worker in which pictures are made smaller. May not enter: how that is done (`shrink.ts`).

import { glimpse, shrunk, type Seen } from "./shrink.ts";

/** What is asked for: a picture to be made out of what was seen, or a glimpse of a file. */
export type Wanted =
  | { readonly id: number; readonly seen: Seen }
  | { readonly id: number; readonly file: Blob };

/** The answer, under the number of the question. */
export interface Developed {
  readonly id: number;
  readonly photo: Blob | null;
  readonly thumb: Blob | null;
  readonly why: string | null; // it went wrong
}

// The worker's own scope; the page's types are the ones that are compiled with.
const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<Wanted>) => void;
  postMessage(said: Developed): void;
};

scope.onmessage = ({ data: wanted }) => {
  void developed(wanted).then(
    (made) => scope.postMessage({ id: wanted.id, why: null, ...made }),
    (why: unknown) =>
      scope.postMessage({ id: wanted.id, photo: null, thumb: null, why: String(why) }),
  );
};

async function developed(
  wanted: Wanted,
): Promise<{ readonly photo: Blob | null; readonly thumb: Blob | null }> {
  if ("file" in wanted) return { photo: null, thumb: await glimpse(wanted.file) };
  try {
    return await shrunk(wanted.seen);
  } finally {
    wanted.seen.close();
  }
}
