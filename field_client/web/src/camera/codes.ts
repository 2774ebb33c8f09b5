// Reading QR codes from what the camera sees: by the browser itself where it can, else by a
// reader of ours that is fetched when somebody scans (iPads, Chromium on a desk).
//
// May not enter: what a code means, what is shown.

interface Detector {
  detect(source: HTMLVideoElement): Promise<readonly { readonly rawValue: string }[]>;
}
interface MakesDetector {
  new (options: { formats: "qr_code"[] }): Detector;
  getSupportedFormats(): Promise<readonly string[]>;
}

const LOOK_MS = 200;
const WANTED = { video: { facingMode: "environment" } };

/** Is there a camera to ask for? None on a page that was not fetched over HTTPS. */
export function can_scan(): boolean {
  return "mediaDevices" in navigator;
}

/** The first code that comes before this camera; null if `over` before there was one. */
export async function read_code(
  screen: HTMLVideoElement, over: () => boolean,
): Promise<string | null> {
  const detector = await open_detector();
  const stream = await navigator.mediaDevices.getUserMedia(WANTED);
  try {
    screen.srcObject = stream;
    await screen.play();
    while (!over()) {
      const [found] = await detector.detect(screen);
      if (found !== undefined) return found.rawValue;
      await new Promise((resolve) => { setTimeout(resolve, LOOK_MS); });
    }
    return null;
  } finally {
    stream.getTracks().forEach((track) => { track.stop(); });
  }
}

async function open_detector(): Promise<Detector> {
  const native = (globalThis as { BarcodeDetector?: MakesDetector }).BarcodeDetector;
  // It may be there and read nothing: then the system below has no reader.
  const reads = await native?.getSupportedFormats() ?? [];
  const make: MakesDetector = native !== undefined && reads.includes("qr_code")
    ? native : (await import("qr/decode.js")).BarcodeDetector;
  return new make({ formats: ["qr_code"] });
}
