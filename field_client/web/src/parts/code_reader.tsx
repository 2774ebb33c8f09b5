// The camera as a reader of QR codes, where the browser can read them by itself.
//
// May not enter: what a code means.

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";

import { _ } from "../words.ts";

interface Detector {
  detect(source: HTMLVideoElement): Promise<readonly { readonly rawValue: string }[]>;
}
type MakesDetector = new (options: { readonly formats: readonly string[] }) => Detector;

const LOOK_MS = 200;

/** Can this browser read a QR code? */
export function can_read_codes(): boolean {
  return "BarcodeDetector" in globalThis && "mediaDevices" in navigator;
}

/** What the camera sees; tells the first code it reads, and stops when it leaves. */
export function CodeReader({ onRead }: { readonly onRead: (text: string) => void }) {
  const video = useRef<HTMLVideoElement>(null);
  const wrong = useSignal(false);
  useEffect(() => {
    let over = false;
    let stream: MediaStream | null = null;
    const read = async () => {
      const make = (globalThis as unknown as { BarcodeDetector: MakesDetector }).BarcodeDetector;
      const detector = new make({ formats: ["qr_code"] });
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      const screen = video.current;
      if (screen === null || over) return;
      screen.srcObject = stream;
      await screen.play();
      while (!over) {
        const [found] = await detector.detect(screen);
        if (found !== undefined) return onRead(found.rawValue);
        await new Promise((resolve) => { setTimeout(resolve, LOOK_MS); });
      }
    };
    read().catch(() => { wrong.value = true; }).finally(() => { stop(stream); });
    return () => { over = true; stop(stream); };
  }, []);
  if (wrong.value) return <p role="alert">{_("相机打不开，请手工输入登记码。")}</p>;
  return <video class="reader" ref={video} muted playsInline aria-label={_("对准二维码")} />;
}

function stop(stream: MediaStream | null): void {
  stream?.getTracks().forEach((track) => track.stop());
}
