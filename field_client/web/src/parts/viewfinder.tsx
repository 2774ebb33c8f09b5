// Looking through the camera: the live picture, what will be written over it, and the picture
// from before as a ghost, so that both are taken from the same place.
//
// May not enter: what becomes of a picture.

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";

import {
  close_lens, has_torch, NoCamera, open_lens, seen_now, shine, type Trouble,
} from "../camera/lens.ts";
import type { Seen } from "../camera/shrink.ts";
import { Button } from "../shared/controls.tsx";
import { _, N_ } from "../shared/words.ts";
import { usePicture } from "./picture.tsx";

interface ViewfinderProps {
  readonly mark: string; // the line that is drawn over it
  readonly ghost: string | null; // the digest of the picture from before
  readonly closed: boolean; // nothing may be taken yet
  readonly onSeen: (seen: Promise<Seen>) => void;
  readonly onTrouble: (trouble: Trouble) => void;
}

const TROUBLES: Readonly<Record<Trouble, string>> = {
  denied: N_("没有相机权限。可从相册选照片，或在系统设置里允许本应用使用相机。"),
  missing: N_("这台设备没有可用的相机。可从相册选照片。"),
  busy: N_("相机正被别的应用占用。关掉它再试，或从相册选照片。"),
};

/** What keeps the camera shut, in one sentence. */
export function trouble_text(trouble: Trouble): string {
  return _(TROUBLES[trouble]);
}

/** The live picture with its shutter. */
export function Viewfinder({ mark, ghost, closed, onSeen, onTrouble }: ViewfinderProps) {
  const video = useRef<HTMLVideoElement>(null);
  const stream = useSignal<MediaStream | null>(null);
  const ready = useSignal(false);
  const lit = useSignal(false);
  const flash = useSignal(0);
  const faint = useSignal(true);
  const ghost_url = usePicture(ghost, false);
  useLens(video, stream, ready, onTrouble);

  const shoot = () => {
    if (video.current === null || !ready.value) return;
    flash.value += 1;
    onSeen(seen_now(video.current));
  };
  const light = async () => {
    if (stream.value === null) return;
    await shine(stream.value, !lit.value);
    lit.value = !lit.value;
  };
  return (
    <figure class="viewfinder">
      <video ref={video} playsInline muted autoPlay aria-label={_("取景")}
        onLoadedData={() => { ready.value = true; }} />
      {ghost_url !== null && faint.value && <img class="ghost" src={ghost_url} alt="" />}
      {flash.value > 0 && <span key={flash.value} class="flash" aria-hidden="true" />}
      <figcaption class="watermark">{mark}</figcaption>
      <div class="lens-tools">
        {ghost_url !== null && (
          <Button onPress={() => { faint.value = !faint.value; }}>
            {faint.value ? _("不叠修前照") : _("叠修前照")}
          </Button>
        )}
        {stream.value !== null && has_torch(stream.value) && (
          <Button onPress={light}>{lit.value ? _("关灯") : _("开灯")}</Button>
        )}
      </div>
      <button type="button" class="shutter" aria-label={_("拍照")} data-testid="shutter"
        disabled={closed || !ready.value} onClick={shoot} />
    </figure>
  );
}

interface Held<T> {
  value: T;
}

/** Open the camera while this is shown and looked at; put it away as soon as nobody looks. */
function useLens(
  video: { readonly current: HTMLVideoElement | null }, stream: Held<MediaStream | null>,
  ready: Held<boolean>, onTrouble: (trouble: Trouble) => void,
): void {
  useEffect(() => {
    let over = false;
    const open = async () => {
      try {
        const found = await open_lens();
        if (over || document.hidden) return close_lens(found);
        stream.value = found;
        if (video.current !== null) video.current.srcObject = found;
        found.getVideoTracks()[0]?.addEventListener("ended", () => { onTrouble("busy"); });
      } catch (why) {
        if (!(why instanceof NoCamera)) throw why;
        if (!over) onTrouble(why.trouble);
      }
    };
    const shut = () => {
      close_lens(stream.value);
      stream.value = null;
      ready.value = false;
    };
    const look = () => { if (document.hidden) shut(); else if (stream.value === null) void open(); };
    document.addEventListener("visibilitychange", look);
    void open();
    return () => {
      over = true;
      document.removeEventListener("visibilitychange", look);
      shut();
    };
  }, []);
}
