// Both sides of a difference beside each other: words of the field and of the log, or the two
// pictures that one thing was shown by.
//
// May not enter: deciding.

import { _ } from "#shared/words.ts";
import type { Difference } from "../differing.ts";
import { to_order } from "../routes.ts";
import { preview } from "./pictures.tsx";

type Picture = Difference["pictures"][number];

export function Sides({ row }: { readonly row: Difference }) {
  if (row.pictures.length > 0) return <Pictures row={row} />;
  return (
    <div class="sides two">
      <div class="side">
        <h3><kbd aria-hidden="true">A</kbd> {_("现场")}</h3>
        <p class="said">{row.field_words}</p>
      </div>
      <div class="side">
        <h3><kbd aria-hidden="true">B</kbd> {_("总台账")}</h3>
        <p class="said">{row.register_words}</p>
      </div>
    </div>
  );
}

/** Two pictures; of one that this person may not see, only that it is there. */
function Pictures({ row }: { readonly row: Difference }) {
  return (
    <div class="sides two pictured">
      {row.pictures.map((one) => <Side key={one.side} one={one} />)}
      {row.elsewhere !== "" && <div class="side"><p class="said">{row.elsewhere}</p></div>}
    </div>
  );
}

function Side({ one }: { readonly one: Picture }) {
  const words = one.side === "own" ? _("这张工单的照片") : _("较早那张工单的照片");
  return (
    <figure class="side">
      <figcaption>{words} <a href={to_order(one.order)}>{one.number}</a></figcaption>
      <a href={preview(one.sha256, 2048)} target="_blank" rel="noopener">
        <img src={preview(one.sha256, 1024)} alt={`${words} ${one.number}`} />
      </a>
    </figure>
  );
}
