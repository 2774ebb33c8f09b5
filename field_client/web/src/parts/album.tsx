// The pictures that were taken so far: a strip of them with their truth marks, and one of
// them large, to be put right or taken back.
//
// May not enter: the camera.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import type { Photo } from "../../../../sync/order.ts";
import { attempt, tell_all } from "../job/telling.ts";
import { me } from "../present.ts";
import { Button, Chips } from "../shared/controls.tsx";
import { Dialog } from "../shared/frame.tsx";
import { MOMENTS } from "../shared/wording.ts";
import { _, N_ } from "../shared/words.ts";
import { tablet } from "../state.ts";
import { describe, type Sight } from "../tablet/sight.ts";
import { Picture, truth_of_photo, watermark } from "./picture.tsx";
import { TruthMark } from "./truth.tsx";

const MISTAKES = [N_("没拍清楚"), N_("拍错了"), N_("业主要求不留")] as const;

interface AlbumProps {
  readonly sight: Sight;
  readonly photos: readonly Photo[];
  readonly developing: number; // pictures that are on their way
}

/** The strip. */
export function Album({ sight, photos, developing }: AlbumProps) {
  const large = useSignal<string | null>(null);
  const chosen = useChosen(sight);
  const shown = photos.find(({ fact }) => fact === large.value);
  return (
    <>
      <ul class="album" aria-label={_("已拍照片")}>
        {photos.map((photo, at) => (
          <li key={photo.fact}>
            <button type="button" class="thumb" onClick={() => { large.value = photo.fact; }}
              aria-label={_("看大图：第 {n} 张", { n: at + 1 })}>
              <Picture name={photo.blob.sha256} words="" small />
            </button>
            {chosen.has(photo.fact) && <span class="small">{_("相册")}</span>}
            <PhotoTruth sight={sight} photo={photo} />
          </li>
        ))}
        {Array.from({ length: developing }, (_one, at) => (
          <li key={`new${at}`}><span class="thumb no-picture">{_("正在保存")}</span></li>
        ))}
      </ul>
      {shown !== undefined && (
        <Large sight={sight} photo={shown} photos={photos} chosen={chosen.has(shown.fact)}
          onTurn={(fact) => { large.value = fact; }} />
      )}
    </>
  );
}

function PhotoTruth({ sight, photo }: { readonly sight: Sight; readonly photo: Photo }) {
  const truth = truth_of_photo(sight, photo);
  return truth === null
    ? <span class="small">{photo.by}</span> : <TruthMark truth={truth} />;
}

interface LargeProps {
  readonly sight: Sight;
  readonly photo: Photo;
  readonly photos: readonly Photo[];
  readonly chosen: boolean; // in the gallery: when it was taken, nobody here knows
  readonly onTurn: (fact: string | null) => void;
}

function Large({ sight, photo, photos, chosen, onTurn }: LargeProps) {
  const at = photos.indexOf(photo);
  const { items } = sight.order;
  const title = `${_(MOMENTS[photo.moment] ?? photo.moment)} ${at + 1}/${photos.length}`;
  const mine = photo.by === me.value;
  const take_back = async (reason: string) => {
    const what = { kind: "work.retracted", says: { fact: photo.fact, reason } } as const;
    if (await tell_all(sight.order.stream, [{ what }]) !== null) onTurn(null);
  };
  return (
    <Dialog title={title} onClose={() => onTurn(null)}>
      <Picture name={photo.blob.sha256} words={title}>
        <figcaption class="watermark">
          {watermark(sight, photo)}{chosen && ` · ${_("相册照片，时间是存入时间")}`}
        </figcaption>
      </Picture>
      <div class="row">
        <Button disabled={at === 0} label={_("前一张")}
          onPress={() => onTurn(photos[at - 1]?.fact ?? null)}>‹</Button>
        <Button disabled={at === photos.length - 1} label={_("后一张")}
          onPress={() => onTurn(photos[at + 1]?.fact ?? null)}>›</Button>
        <span class="grow"><PhotoTruth sight={sight} photo={photo} /></span>
        <Button onPress={() => onTurn(null)}>{_("关闭")}</Button>
      </div>
      {mine && items.length > 1 && (
        <Chips legend={_("属于哪一项")} chosen={[photo.item ?? 0]}
          choices={items.map(({ item }) => ({ value: item, words: _("第 {n} 项", { n: item }) }))}
          onChoose={(item) => { void assign(sight, photo, item); }} />
      )}
      {mine && (
        <fieldset class="chips">
          <legend>{_("撤回这张，可重拍")}</legend>
          <div>
            {MISTAKES.map((reason) => (
              <Button key={reason} onPress={() => take_back(reason)}>{_(reason)}</Button>
            ))}
          </div>
        </fieldset>
      )}
    </Dialog>
  );
}

/** Say of which item it is; the bytes stay the same, and only they can be tied to it. */
async function assign(sight: Sight, photo: Photo, item: number): Promise<void> {
  const { sha256, type } = photo.blob;
  await attempt(async () => {
    const held = await tablet().store.outbox.bytes_named(sha256);
    if (held === null || photo.item === item) return;
    const bytes = new Uint8Array(await held.arrayBuffer());
    const source = await source_of(sight, photo.fact);
    const says = { corrects: photo.fact, moment: photo.moment, item, source };
    await tell_all(sight.order.stream, [{
      what: { kind: "work.photographed", says }, blobs: { photo: [bytes, type] },
    }]);
  });
}

/** The pictures that were chosen in the gallery, by their facts. */
function useChosen(sight: Sight): ReadonlySet<string> {
  const found = useSignal<ReadonlySet<string>>(new Set());
  const taken = sight.own.filter(({ kind }) => kind === "work.photographed");
  useEffect(() => {
    void Promise.all(taken.map(async ({ id }) => [id, await source_of(sight, id)] as const))
      .then((all) => {
        found.value = new Set(all.filter(([, from]) => from === "gallery").map(([id]) => id));
      });
  }, [taken.length]);
  return found.value;
}

/** Where a picture came from, as its own fact says. */
async function source_of(sight: Sight, fact: string): Promise<string> {
  const own = sight.own.find(({ id }) => id === fact);
  if (own === undefined) return "camera";
  const { what } = await describe(own);
  return what.kind === "work.photographed" ? what.says.source : "camera";
}
