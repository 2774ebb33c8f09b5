// The technicians in a strip beside the board: an order that is dropped on one is given.
//
// Dragging is for whoever likes it; the same is done by the menu. May not enter: rules.

import { useSignal } from "@preact/signals";

import { _ } from "#shared/words.ts";
import { Contact } from "../parts/person.tsx";
import { filter, place } from "../routes.ts";
import { crew, type Member } from "./crew.ts";
import { dragged, drop_on } from "./giving.ts";

export function Crew() {
  return (
    <aside class="crew" aria-labelledby="crew-title">
      <h2 id="crew-title">{_("师傅")} <span class="num">{crew.value.length}</span></h2>
      <ul>{crew.value.map((one) => <Row key={one.id} one={one} />)}</ul>
      {crew.value.length === 0 && <p class="empty">{_("还没有维修人员")}</p>}
    </aside>
  );
}

function Row({ one }: { readonly one: Member }) {
  const over = useSignal(false);
  const chosen = place.value.query.get("technician") === one.id;
  const drop = (event: DragEvent) => {
    event.preventDefault();
    over.value = false;
    const card = dragged.value;
    dragged.value = null;
    if (card !== null) void drop_on(card, one.id);
  };
  return (
    <li class={over.value ? "over" : undefined} data-person={one.id}
      onDragOver={(event) => { event.preventDefault(); over.value = true; }}
      onDragLeave={() => { over.value = false; }} onDrop={drop}>
      <button type="button" aria-pressed={chosen}
        onClick={() => filter("technician", chosen ? "" : one.id)}>
        <strong>{one.name}</strong>
        <span class="num">{_("{n} 单", { n: one.open })}</span>
        <Contact ms={one.contact_ms} brief />
        <span class="flags">
          {one.on_site > 0 && <span>⌂ {_("在现场")}</span>}
          {one.unseen > 0 && <span>◌ {_("未看 {n}", { n: one.unseen })}</span>}
        </span>
      </button>
    </li>
  );
}
