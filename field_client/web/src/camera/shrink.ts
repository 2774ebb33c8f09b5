// A picture as it is kept: long side 2,048, a JPEG of at most 600 KB; and a small one to show.
//
// Runs in a worker, so that the finger on the shutter feels nothing of it. What comes out of
// `shrunk` is the original from then on: nothing is ever drawn into it. May not enter: the
// page, where pictures are kept.

export const LONG_SIDE = 2048;
export const MOST_BYTES = 600_000;
export const THUMB_SIDE = 360;

// Qualities, and what a picture with grain comes to with each, beside the first.
const QUALITIES: readonly (readonly [quality: number, share: number])[] = [
  [0.84, 1], [0.74, 0.72], [0.62, 0.56], [0.48, 0.45], [0.34, 0.35],
];
const SMALLER = 0.75; // where even the last quality is too large: a picture of pure noise
const THUMB_QUALITY = 0.72;

/** What a camera saw: a frame of its stream, or a copy of one. */
export type Seen = ImageBitmap | VideoFrame;

/** A picture and how it is shown once its bytes have gone. */
export interface Taken {
  readonly photo: Blob;
  readonly thumb: Blob;
}

/** The picture that is kept, out of what the camera saw. */
export async function shrunk(seen: Seen): Promise<Taken> {
  const [width, height] = "displayWidth" in seen
    ? [seen.displayWidth, seen.displayHeight] : [seen.width, seen.height];
  let canvas = drawn(seen, width, height, LONG_SIDE);
  const thumb = await thumb_of(canvas);
  for (let step = 0; ;) {
    const quality = QUALITIES[step]?.[0];
    if (quality === undefined) {
      canvas = drawn(canvas, canvas.width, canvas.height,
        Math.max(canvas.width, canvas.height) * SMALLER);
      step = 0;
      continue;
    }
    const photo = await canvas.convertToBlob({ type: "image/jpeg", quality });
    if (photo.size <= MOST_BYTES) return { photo, thumb };
    step = next_step(step, photo.size);
  }
}

/** The next quality that is worth trying, after one that came out so large: each attempt
 * costs a technician time. */
function next_step(step: number, size: number): number {
  const wanted = (QUALITIES[step]?.[1] ?? 1) * MOST_BYTES / size;
  const found = QUALITIES.findIndex(([, share], at) => at > step && share <= wanted);
  return found < 0 ? Math.max(step + 1, QUALITIES.length - 1) : found;
}

/** A small picture of a file whose bytes stay as they are; null if this browser cannot read
 * it (HEIC on most). */
export async function glimpse(file: Blob): Promise<Blob | null> {
  const seen = await createImageBitmap(file, { imageOrientation: "from-image" })
    .catch(() => null);
  if (seen === null) return null;
  try {
    return await thumb_of(seen);
  } finally {
    seen.close();
  }
}

function thumb_of(seen: ImageBitmap | OffscreenCanvas): Promise<Blob> {
  return drawn(seen, seen.width, seen.height, THUMB_SIDE)
    .convertToBlob({ type: "image/jpeg", quality: THUMB_QUALITY });
}

function drawn(
  seen: Seen | OffscreenCanvas, width: number, height: number, most: number,
): OffscreenCanvas {
  const scale = Math.min(1, most / Math.max(width, height));
  const canvas = new OffscreenCanvas(
    Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale)));
  const pen = canvas.getContext("2d");
  if (pen === null) throw new Error("no canvas to draw on");
  pen.imageSmoothingQuality = "high";
  pen.drawImage(seen, 0, 0, canvas.width, canvas.height);
  return canvas;
}
