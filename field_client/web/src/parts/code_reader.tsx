// The camera as a reader of QR codes.
//
// May not enter: how a code is read, what it means.

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";

import { read_code } from "../camera/codes.ts";
import { _ } from "../shared/words.ts";

/** What the camera sees; tells the first code it reads, and stops when it leaves. */
export function CodeReader({ onRead }: { readonly onRead: (text: string) => void }) {
  const video = useRef<HTMLVideoElement>(null);
  const wrong = useSignal(false);
  useEffect(() => {
    let over = false;
    const screen = video.current;
    if (screen !== null) {
      read_code(screen, () => over)
        .then((text) => { if (text !== null && !over) onRead(text); })
        .catch(() => { wrong.value = true; });
    }
    return () => { over = true; };
  }, []);
  if (wrong.value) return <p role="alert">{_("相机打不开，请手工输入登记码。")}</p>;
  return <video class="reader" ref={video} muted playsInline aria-label={_("对准二维码")} />;
}
