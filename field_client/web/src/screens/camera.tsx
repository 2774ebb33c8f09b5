// Photos before, during and after the work (S4): one tap for each, on disk before it is said
// to be (V4, U21).
//
// What the camera saw is made smaller once and is the original from then on; the line with
// home, order, time and name is drawn over it on the screen and never burnt in. May not
// enter: how pictures are kept.

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";

import type { Moment } from "../../../../sync/moment.ts";
import type { Order, Photo } from "../../../../sync/order.ts";
import type { ScreenProps } from "../app.tsx";
import { keep_chosen, keep_taken, type About, type When } from "../camera/album.ts";
import { develop, prepare } from "../camera/darkroom.ts";
import type { Trouble } from "../camera/lens.ts";
import type { Seen } from "../camera/shrink.ts";
import { this_moment } from "../job/now.ts";
import { onward } from "../job/onward.ts";
import { since_sent_back } from "../job/rework.ts";
import { attempt } from "../job/telling.ts";
import { Album } from "../parts/album.tsx";
import { Screen } from "../parts/frame.tsx";
import { PhotoConsent, photo_consent } from "../parts/photo_consent.tsx";
import { AfterSignature } from "../parts/signed.tsx";
import { trouble_text, Viewfinder } from "../parts/viewfinder.tsx";
import { me, policy } from "../present.ts";
import { renew } from "../renewing.ts";
import { to_order } from "../routes.ts";
import { Button, Chips, Primary } from "../shared/controls.tsx";
import { Card } from "../shared/frame.tsx";
import { tell_person } from "../shared/notice.ts";
import { moment_text } from "../shared/wording.ts";
import { _, N_ } from "../shared/words.ts";
import { now_ms, sight_of } from "../state.ts";
import type { Step } from "../steps.ts";
import type { Sight } from "../tablet/sight.ts";
import { flat } from "../view.ts";
import "./job.css";

const TITLES: Readonly<Record<When, string>> = {
  before: N_("修前照"), during: N_("过程照"), after: N_("修后照"), other: N_("照片"),
};

export function Camera({ place }: ScreenProps) {
  const sight = sight_of(place.order);
  const when: When = place.step === "after" || place.step === "during" ? place.step : "before";
  return sight === undefined ? null : <Shooting key={when} sight={sight} when={when} />;
}

function Shooting({ sight, when }: { readonly sight: Sight; readonly when: When }) {
  const { order } = sight;
  const photos = taken(order, when);
  const item = useSignal<number | null>(null);
  const impersonal = useSignal(false);
  const trouble = useSignal<Trouble | null>(null);
  const developing = useSignal(0);
  const mark = useMark(sight);
  useEffect(prepare, []);

  const about = (): About => ({
    stream: order.stream, moment: when, impersonal: impersonal.value,
    item: item.value ?? (order.items.length === 1 ? order.items[0]?.item ?? null : null),
  });
  const keep = useInTurn(async (work: () => Promise<unknown>) => {
    developing.value += 1;
    try {
      await attempt(work);
    } catch {
      tell_person({ words: _("这张没有存下来，请再拍一次。"), grave: true });
    } finally {
      developing.value -= 1;
      await renew();
    }
  });
  const shot = (seen: Promise<Seen>) => {
    const said = about();
    void keep(async () => keep_taken(await develop(await seen), said));
  };
  const chosen = (files: readonly File[]) => {
    const said = about();
    for (const file of files) void keep(() => keep_chosen(file, said));
  };
  const closed = photo_consent(order) !== true && !impersonal.value;
  const step: Step = when === "after" ? "after" : "before";
  return (
    <Screen title={`${_(TITLES[when])} · ${flat(sight)}`} back={to_order(order.stream)}
      foot={
        <Primary disabled={photos.length === 0 || developing.value > 0}
          onPress={() => { onward(order.stream, step); }}>
          {_("拍好了（{n}）", { n: photos.length })}
        </Primary>
      }>
      <AfterSignature order={order} />
      <PhotoConsent sight={sight} impersonal={impersonal.value}
        onImpersonal={(yes) => { impersonal.value = yes; }} />
      <Shots when={when} count={photos.length + developing.value} />
      {order.items.length > 1 && (
        <Chips legend={_("拍的是哪一项")} chosen={item.value === null ? [] : [item.value]}
          choices={order.items.map((one) => ({
            value: one.item, words: `${one.item} ${sight.text(one.private, "what")}`,
          }))}
          onChoose={(one) => { item.value = item.value === one ? null : one; }} />
      )}
      {trouble.value === null
        ? (
          <Viewfinder mark={mark} ghost={ghost_for(order, when, photos.length, item.value)}
            closed={closed} onSeen={shot} onTrouble={(one) => { trouble.value = one; }} />
        )
        : (
          <Card tone="warn">
            <p>{trouble_text(trouble.value)}</p>
            <Button onPress={() => { trouble.value = null; }}>{_("再试相机")}</Button>
          </Card>
        )}
      <Album sight={sight} photos={photos} developing={developing.value} />
      <div class="row">
        <Gallery closed={closed} onChosen={chosen} />
        {photos.length === 0 && (
          <Button kind="quiet" onPress={() => { onward(order.stream, step); }}>
            {_("这一步不拍照")}
          </Button>
        )}
      </div>
    </Screen>
  );
}

/** What to take, ticking itself off in turn. */
function Shots({ when, count }: { readonly when: When; readonly count: number }) {
  const shots = policy.value.shots.get(when) ?? [];
  if (!shots.length) return null;
  return (
    <ol class="shots" aria-label={_("要拍的")}>
      {shots.map((shot, index) => (
        <li key={shot} class={index < count ? "taken" : index === count ? "next" : ""}>
          {_(shot)}{index < count && <span class="unseen">{_("已拍")}</span>}
        </li>
      ))}
    </ol>
  );
}

function Gallery(
  { closed, onChosen }: { readonly closed: boolean; readonly onChosen: (files: File[]) => void },
) {
  return (
    <label class={closed ? "button disabled" : "button"}>
      {_("从相册选")}
      <input type="file" accept="image/*" multiple disabled={closed}
        onChange={(event) => {
          const field = event.currentTarget;
          onChosen([...field.files ?? []]);
          field.value = "";
        }} />
    </label>
  );
}

/** The pictures of this moment; after the work was sent back, those taken since. */
function taken(order: Order, when: When): readonly Photo[] {
  return order.photos.filter((photo) => photo.moment === when &&
    (when !== "after" || since_sent_back(order, photo.fact)));
}

/** The picture from before that the next one should match. */
function ghost_for(
  order: Order, when: When, count: number, item: number | null,
): string | null {
  if (when !== "after") return null;
  const before = order.photos.filter((photo) => photo.moment === "before" &&
    (item === null || photo.item === null || photo.item === item));
  return before[Math.min(count, before.length - 1)]?.blob.sha256 ?? null;
}

/** The line over the live picture: home, order, the time as it can be defended, who. */
function useMark(sight: Sight): string {
  const moment = useSignal<Moment | null>(null);
  useEffect(() => { void this_moment().then((now) => { moment.value = now; }); },
    [now_ms.value]);
  const time = moment.value === null ? "" : moment_text(moment.value);
  return [flat(sight), sight.name, time, me.value].filter(Boolean).join(" · ");
}

/** One after the other, in the sequence of the taps. */
function useInTurn<T>(work: (one: T) => Promise<void>): (one: T) => Promise<void> {
  const turn = useRef<Promise<void>>(Promise.resolve());
  return (one) => {
    turn.current = turn.current.then(() => work(one));
    return turn.current;
  };
}
