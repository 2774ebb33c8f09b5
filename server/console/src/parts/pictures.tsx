// Pictures of the work: small ones, one large, and before beside after for each item, with a
// slider that lays one over the other.
//
// The server shows previews without metadata; nothing is ever drawn into a picture. May not
// enter: how pictures are kept.

import { useSignal } from "@preact/signals";

import { Button } from "#shared/controls.tsx";
import { Dialog } from "#shared/frame.tsx";
import { MOMENTS } from "#shared/wording.ts";
import { _ } from "#shared/words.ts";
import type { Photo } from "#sync/exported/records.ts";
import { entry_of, text_of, type Name, type Story, type StoryBlob } from "../story.ts";
import { When } from "./when.tsx";

type Side = 256 | 1024 | 2048;

/** Where the server shows a picture upright and without metadata. */
export function preview(sha256: string, side: Side): string {
  return `/v1/blobs/${sha256}/preview?side=${side}`;
}

/** A small picture that opens large; words where the bytes have not come yet. */
export function Thumb({ blob, words }: {
  readonly blob: Pick<StoryBlob, "sha256" | "held">; readonly words: string;
}) {
  const large = useSignal(false);
  if (!blob.held) return <span class="no-picture">{_("照片还没有传到")}</span>;
  return (
    <>
      <button type="button" class="thumb" aria-label={_("看大图：{what}", { what: words })}
        onClick={() => { large.value = true; }}>
        <img src={preview(blob.sha256, 256)} alt={words} loading="lazy" decoding="async" />
      </button>
      {large.value && (
        <Dialog title={words} onClose={() => { large.value = false; }}>
          <img class="large" src={preview(blob.sha256, 2048)} alt={words} />
          <Button onPress={() => { large.value = false; }}>{_("关闭")}</Button>
        </Dialog>
      )}
    </>
  );
}

interface PicturesProps {
  readonly story: Story;
  readonly name: Name;
}

/** All pictures, item by item: reported, before, during, after. */
export function Pictures({ story, name }: PicturesProps) {
  const { order } = story;
  const items = [...new Set(order.photos.map(({ item }) => item))]
    .sort((one, other) => (one ?? 0) - (other ?? 0));
  return (
    <div class="pictures">
      {order.reported.length > 0 && (
        <section>
          <h3>{_("业主报修时的照片")}</h3>
          <Strip photos={order.reported} story={story} name={name} />
        </section>
      )}
      {items.map((item) => (
        <ItemPictures key={item ?? 0} item={item} story={story} name={name} />
      ))}
      {order.photos.length + order.reported.length === 0 &&
        <p class="muted">{_("还没有照片")}</p>}
    </div>
  );
}

function ItemPictures({ item, story, name }: PicturesProps & { readonly item: number | null }) {
  const photos = story.order.photos.filter((one) => one.item === item);
  const of = (moment: string) => photos.filter((one) => one.moment === moment);
  const [before, after] = [of("before"), of("after")];
  const rest = photos.filter(({ moment }) => moment !== "before" && moment !== "after");
  const pairs = Math.min(before.length, after.length);
  const last = after.slice(after.length - pairs); // after the last round: how it is left
  return (
    <section>
      <h3>{item_title(story, item)}</h3>
      {Array.from({ length: pairs }, (_one, at) => (
        <Pair key={at} before={before[at]} after={last[at]} story={story} name={name} />
      ))}
      <Strip photos={[...before.slice(pairs), ...after.slice(0, after.length - pairs), ...rest]} story={story}
        name={name} />
    </section>
  );
}

/** What an item is called: its number, where and what. */
export function item_title(story: Story, item: number | null): string {
  if (item === null) return _("没有归到事项的照片");
  const found = story.order.items.find((one) => one.item === item);
  const words = found === undefined ? []
    : ["where", "what"].map((name) => text_of(story, found.private, name));
  return [_("第 {n} 项", { n: item }), ...words].filter(Boolean).join(" ");
}

function Strip({ photos, story, name }: PicturesProps & { readonly photos: readonly Photo[] }) {
  if (photos.length === 0) return null;
  return (
    <ul class="strip">
      {photos.map((one) => (
        <li key={one.fact}>
          <figure>
            <Thumb blob={{ sha256: one.blob.sha256, held: is_held(story, one) }}
              words={_(MOMENTS[one.moment] ?? one.moment)} />
            <Caption photo={one} story={story} name={name} />
          </figure>
        </li>
      ))}
    </ul>
  );
}

function Caption({ photo, story, name }: PicturesProps & { readonly photo: Photo }) {
  const entry = entry_of(story, photo.fact);
  return (
    <figcaption>
      <strong>{_(MOMENTS[photo.moment] ?? photo.moment)}</strong>{" "}
      {entry !== undefined && (
        <><When moment={entry.moment} received_ms={entry.received_ms} />{" "}</>
      )}
      {name(photo.by)}
    </figcaption>
  );
}

function is_held(story: Story, photo: Photo): boolean {
  return entry_of(story, photo.fact)?.blobs
    .some(({ sha256, held }) => held && sha256 === photo.blob.sha256) === true;
}

interface PairProps extends PicturesProps {
  readonly before: Photo | undefined;
  readonly after: Photo | undefined;
}

/** Before and after beside each other; on demand one over the other, with a slider. */
function Pair({ before, after, story, name }: PairProps) {
  const over = useSignal(false);
  if (before === undefined || after === undefined) return null;
  const both = is_held(story, before) && is_held(story, after);
  return (
    <div class="pair">
      {over.value ? <Over before={before} after={after} /> : (
        <div class="two">
          {[before, after].map((one) => (
            <figure key={one.fact}>
              {is_held(story, one)
                ? <img src={preview(one.blob.sha256, 1024)} loading="lazy" decoding="async"
                    alt={_(MOMENTS[one.moment] ?? one.moment)} />
                : <span class="no-picture">{_("照片还没有传到")}</span>}
              <Caption photo={one} story={story} name={name} />
            </figure>
          ))}
        </div>
      )}
      {both && (
        <div class="no-print">
          <Button kind="quiet" onPress={() => { over.value = !over.value; }}>
            {over.value ? _("并排看") : _("重叠对比")}
          </Button>
        </div>
      )}
    </div>
  );
}

const STEP = 10; // per cent: what the style sheet knows

/** One picture over the other; how much of it covers is said by a slider. */
function Over({ before, after }: { readonly before: Photo; readonly after: Photo }) {
  const share = useSignal(50);
  return (
    <div class="overlaid">
      <div class={`layers cover-${share.value}`}>
        <img src={preview(before.blob.sha256, 1024)} alt={_("维修前")} />
        <img class="upper" src={preview(after.blob.sha256, 1024)} alt={_("维修后")} />
      </div>
      <label>
        <span>{_("维修前")}</span>
        <input type="range" min={0} max={100} step={STEP} value={share.value}
          aria-label={_("维修后照片盖住多少")}
          onInput={(e) => { share.value = Number(e.currentTarget.value); }} />
        <span>{_("维修后")}</span>
      </label>
    </div>
  );
}
