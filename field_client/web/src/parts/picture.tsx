// A recorded picture on the screen: small in a strip, large in a dialog, with what is known
// of it written over it. Nothing is ever written into it.
//
// May not enter: where pictures come from.

import type { ComponentChildren } from "preact";
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import type { Photo } from "../../../../sync/order.ts";
import { picture } from "../camera/album.ts";
import { truth_of } from "../owing.ts";
import { owing } from "../present.ts";
import { moment_text } from "../shared/wording.ts";
import { _ } from "../shared/words.ts";
import { sights, type Truth } from "../state.ts";
import type { Sight } from "../tablet/sight.ts";
import { flat } from "../view.ts";

/** Where the browser finds this picture; null while it is looked for, or if it is not here. */
export function usePicture(name: string | null, small: boolean): string | null {
  const url = useSignal<string | null>(null);
  const looked = useSignal(0);
  const held = sights.value;
  useEffect(() => {
    if (url.peek() === null) looked.value += 1; // it may have come with an exchange
  }, [held]);
  useEffect(() => {
    let over = false;
    let made: string | null = null;
    if (name !== null) {
      void picture(name, small).then((found) => {
        if (over || found === null) return;
        made = URL.createObjectURL(found);
        url.value = made;
      });
    }
    return () => {
      over = true;
      url.value = null;
      if (made !== null) URL.revokeObjectURL(made);
    };
  }, [name, small, looked.value]);
  return url.value;
}

interface PictureProps {
  readonly name: string; // its digest
  readonly words: string; // for whoever cannot see it
  readonly small?: boolean;
  readonly children?: ComponentChildren;
}

/** One picture; a grey field with words where its bytes are not on this tablet. */
export function Picture({ name, words, small = false, children }: PictureProps) {
  const url = usePicture(name, small);
  return (
    <figure class={small ? "picture small-picture" : "picture"}>
      {url === null
        ? <span class="no-picture">{_("照片不在本机")}</span>
        : <img src={url} alt={words} decoding="async" />}
      {children}
    </figure>
  );
}

/** What is known of a picture: home, order, time and how sure it is, who. */
export function watermark(sight: Sight, photo: Photo): string {
  const entry = sight.order.history.find(({ id }) => id === photo.fact);
  const moment = entry?.moment ?? null;
  const parts = [flat(sight), sight.name, moment === null ? "" : moment_text(moment), photo.by];
  return parts.filter(Boolean).join(" · ");
}

/** Where a picture is, by receipts for its fact and for exactly its bytes; null for one that
 * was not taken with this tablet. */
export function truth_of_photo(sight: Sight, photo: Photo): Truth | null {
  const owed = owing.value.get(sight.order.stream);
  const fact = owed?.facts.find(({ id }) => id === photo.fact);
  if (owed === undefined || fact === undefined) return null;
  if (owed.troubled.includes(photo.fact) || owed.troubled.includes(photo.blob.sha256)) {
    return "attention";
  }
  const piece = owed.pieces.find(({ original }) => original.sha256 === photo.blob.sha256);
  return truth_of(piece === undefined ? [fact] : [fact, piece.original]);
}
