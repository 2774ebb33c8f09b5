// May photos be taken here? Asked once; without a yes only the damage itself is shown, and
// nobody and nothing private is in the picture (V4a).
//
// May not enter: the camera.

import type { Order, Visit } from "../../../../sync/order.ts";
import { tell_all } from "../job/telling.ts";
import { me } from "../present.ts";
import { Button } from "../shared/controls.tsx";
import { Card } from "../shared/frame.tsx";
import { _ } from "../shared/words.ts";
import type { Sight } from "../tablet/sight.ts";

/** What the owner said of photos: yes, no, or not asked. */
export function photo_consent(order: Order): boolean | null {
  return order.visits.at(-1)?.photo_consent ?? null;
}

interface ConsentProps {
  readonly sight: Sight;
  readonly impersonal: boolean; // nobody and nothing private is in the picture
  readonly onImpersonal?: (yes: boolean) => void;
}

/** Asks, or says what holds without a yes; nothing where the owner agreed. */
export function PhotoConsent({ sight, impersonal, onImpersonal }: ConsentProps) {
  const consent = photo_consent(sight.order);
  if (consent === true) return null;
  return (
    <Card tone="warn" title={consent === null ? _("业主同意拍照吗？") : _("业主没有同意拍照")}>
      <p>{_("没有同意时只拍损坏部位，画面里不要有人和私人物品。")}</p>
      <div class="row">
        <Button onPress={() => agree(sight)}>{_("业主同意拍照")}</Button>
        {onImpersonal !== undefined && (
          <button type="button" class="chip" role="checkbox" aria-checked={impersonal}
            onClick={() => onImpersonal(!impersonal)}>
            {_("画面里没有人和私人物品")}
          </button>
        )}
      </div>
    </Card>
  );
}

/** The owner agrees after all: the card of the door is stated anew, with this word. */
async function agree(sight: Sight): Promise<void> {
  const visit = own_visit(sight.order);
  await tell_all(sight.order.stream, [{
    what: {
      kind: "visit.door_protocol",
      says: {
        steps: visit?.door ?? [], photo_consent: true,
        place_consent: visit?.place_consent ?? false,
        start_consent: visit?.start_consent ?? true,
      },
    },
  }]);
}

function own_visit(order: Order): Visit | null {
  return order.visits.filter(({ by }) => by === me.value).at(-1) ?? null;
}
