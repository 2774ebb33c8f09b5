// What screens show of an order: by when, whom to call, the way there, how far the work is.
//
// May not enter: storage, network, writing.

import type { Due } from "../day.ts";
import { way_to } from "../maps.ts";
import { map_app } from "../settings.ts";
import { masked_phone, minutes_text } from "../shared/wording.ts";
import { _ } from "../shared/words.ts";
import type { Sight } from "../tablet/sight.ts";
import { asked } from "../view.ts";
import { clock } from "./truth.tsx";

const SOON_MINUTES = 60;

/** How long until somebody must be there: text and shape, never colour alone. */
export function Countdown({ due }: { readonly due: Due | null }) {
  if (due === null) return null;
  const left = Math.floor((due.end_ms - due.now_ms) / 60_000);
  const window = due.start_ms === null ? "" : `${clock(due.start_ms)}–${clock(due.end_ms)} `;
  const [mood, shape, text] = countdown(left);
  return (
    <span class={`due ${mood}`}>
      <span class="num">{window}</span>
      <strong><span aria-hidden="true">{shape}</span> {text}</strong>
    </span>
  );
}

function countdown(left: number): readonly [mood: string, shape: string, text: string] {
  if (left < 0) return ["late", "■", _("超时 {time}", { time: minutes_text(-left) })];
  const text = _("剩 {time}", { time: minutes_text(left) });
  return left <= SOON_MINUTES ? ["soon", "◆", text] : ["later", "◇", text];
}

/** Call the owner; the number stands in full only behind the tap. */
export function CallButton({ phone }: { readonly phone: string }) {
  if (phone === "") return null;
  return (
    <a class="button" href={`tel:${phone}`} aria-label={_("打电话 {phone}", { phone: masked_phone(phone) })}>
      <span aria-hidden="true">☎</span> {_("打电话")}
    </a>
  );
}

/** Show the way in the map app of this technician. Nothing is asked for before the tap. */
export function NavigateButton({ sight }: { readonly sight: Sight }) {
  const name = [sight.order.request?.site, asked(sight, "building")].filter(Boolean).join(" ");
  if (name === "") return null;
  return (
    <a class="button" href={way_to(map_app.value, { name, spot: null })}
      target="_blank" rel="noreferrer noopener">
      <span aria-hidden="true">➤</span> {_("导航")}
    </a>
  );
}
