// The tablet's rear camera: opened, looked through, put away.
//
// May not enter: what becomes of a picture.

import type { Seen } from "./shrink.ts";

export type Trouble = "denied" | "missing" | "busy";

/** The camera cannot be used; a file from the gallery still can. */
export class NoCamera extends Error {
  readonly trouble: Trouble;

  constructor(trouble: Trouble) {
    super(trouble);
    this.name = "NoCamera";
    this.trouble = trouble;
  }
}

// As large as the camera gives it: what is kept is made smaller afterwards, once.
const WANTED: MediaStreamConstraints = {
  audio: false,
  video: {
    facingMode: { ideal: "environment" }, width: { ideal: 4096 }, height: { ideal: 3072 },
  },
};

const TROUBLES: Readonly<Record<string, Trouble>> = {
  NotAllowedError: "denied", SecurityError: "denied", NotFoundError: "missing",
  OverconstrainedError: "missing", NotReadableError: "busy", AbortError: "busy",
};

/** Look through the rear camera. */
export async function open_lens(): Promise<MediaStream> {
  // Absent on a page that was not fetched over HTTPS, whatever the types say.
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (devices === undefined) throw new NoCamera("missing");
  try {
    return await devices.getUserMedia(WANTED);
  } catch (why) {
    const name = why instanceof Error ? why.name : "";
    throw new NoCamera(TROUBLES[name] ?? "missing");
  }
}

/** Put it away; the light beside the lens goes out. */
export function close_lens(stream: MediaStream | null): void {
  stream?.getTracks().forEach((track) => track.stop());
}

/** What is seen at this instant, at the camera's own size. A frame is handed on as it is,
 * where the browser can; a copy of 12 megapixels is felt by the finger. */
export async function seen_now(video: HTMLVideoElement): Promise<Seen> {
  return "VideoFrame" in globalThis ? new VideoFrame(video) : createImageBitmap(video);
}

interface WithTorch extends MediaTrackCapabilities {
  readonly torch?: boolean;
}

/** Can it give light? */
export function has_torch(stream: MediaStream): boolean {
  const track = stream.getVideoTracks()[0];
  const can = track?.getCapabilities?.() as WithTorch | undefined;
  return can?.torch === true;
}

/** Give light, or no more. */
export async function shine(stream: MediaStream, on: boolean): Promise<void> {
  const wanted = { advanced: [{ torch: on }] } as unknown as MediaTrackConstraints;
  await stream.getVideoTracks()[0]?.applyConstraints(wanted);
}
