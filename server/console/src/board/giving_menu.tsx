// 派单: who could go, best first, and why; a digit gives the order.
//
// May not enter: how somebody is ranked, which the server says.

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";

import { Button } from "#shared/controls.tsx";
import { Dialog } from "#shared/frame.tsx";
import { Typed } from "#shared/typed.tsx";
import { _ } from "#shared/words.ts";
import { get, Problem } from "../api.ts";
import { card_name, reason_text } from "../cards.ts";
import { Warnings } from "../parts/warnings.tsx";
import type { Candidate, Card } from "../shapes.ts";
import { give, giving } from "./giving.ts";

/** The menu that is open, if one is. */
export function GivingMenu() {
  const open = giving.value;
  if (open === null) return null;
  return <Menu key={open.card.id} card={open.card} meant={open.meant} />;
}

function Menu({ card, meant }: { readonly card: Card; readonly meant: string | null }) {
  const found = useSignal<readonly Candidate[] | null>(null);
  const helpers = useSignal<readonly string[]>([]);
  const words = useSignal("");
  const wrong = useSignal("");
  const close = () => { giving.value = null; };
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => { box.current?.querySelector<HTMLElement>("[data-first]")?.focus(); },
    [found.value]);
  useEffect(() => {
    get<{ readonly candidates: readonly Candidate[] }>(`/v1/orders/${card.id}/candidates`)
      .then((said) => { found.value = said.candidates; },
        (why: unknown) => { found.value = []; wrong.value = told(why); });
  }, [card.id]);
  const take = async (one: Candidate) => {
    try {
      await give(card, {
        technician: one.person, words: words.value.trim(),
        helpers: helpers.value.filter((helper) => helper !== one.person),
      });
      close();
    } catch (why) {
      wrong.value = told(why);
    }
  };
  const key = (event: KeyboardEvent) => {
    if ((event.target as HTMLElement).matches("input")) return;
    const one = (found.value ?? [])[Number(event.key) - 1];
    if (one === undefined || !one.qualified) return;
    event.preventDefault();
    void take(one);
  };
  const help = (id: string) => {
    helpers.value = helpers.value.includes(id)
      ? helpers.value.filter((one) => one !== id) : [...helpers.value, id];
  };
  const title = card.technician === null
    ? _("派单 · {home}", { home: card_name(card) })
    : _("改派 · {home}", { home: card_name(card) });
  return (
    <Dialog title={title} onClose={close}>
      <div class="stack giving" ref={box} tabIndex={-1} autofocus onKeyDown={key}>
        <p>{[card.trade, card.fault].filter(Boolean).join(" · ")}</p>
        <Warnings card={card} long />
        {found.value === null
          ? <p aria-busy="true">{_("正在查询谁能去……")}</p>
          : (
            <ol class="candidates">
              {found.value.map((one, index) => (
                <Row key={one.person} one={one} digit={index + 1} onTake={() => take(one)}
                  now={one.person === card.technician} first={first_of(found.value!, meant) === one}
                  helps={helpers.value.includes(one.person)} onHelp={() => help(one.person)} />
              ))}
            </ol>
          )}
        {found.value?.length === 0 && wrong.value === "" && <p>{_("没有可派的师傅")}</p>}
        <Typed label={_("给师傅的话（可不填）")} value={words.value}
          onType={(said) => { words.value = said; }} />
        <p role="alert" class="wrong">{wrong.value}</p>
        <div class="ends">
          <span class="muted">{_("按数字键直接派单")}</span>
          <Button onPress={close}>{_("关闭")}</Button>
        </div>
      </div>
    </Dialog>
  );
}

/** Who is looked at first: whoever was meant, else the best that may go. */
function first_of(all: readonly Candidate[], meant: string | null): Candidate | undefined {
  return all.find((one) => one.person === meant && one.qualified)
    ?? all.find((one) => one.qualified);
}

interface RowProps {
  readonly one: Candidate;
  readonly digit: number;
  readonly now: boolean; // has it already
  readonly first: boolean;
  readonly helps: boolean;
  readonly onTake: () => Promise<void>;
  readonly onHelp: () => void;
}

function Row({ one, digit, now, first, helps, onTake, onHelp }: RowProps) {
  const able = one.qualified;
  return (
    <li class={able ? "candidate" : "candidate unable"}>
      <button type="button" class="button take" disabled={!able} data-first={first || undefined}
        onClick={() => void onTake()}>
        <kbd>{digit <= 9 ? digit : ""}</kbd>
        <strong>{one.name}</strong>
        {now && <em>{_("现在是他")}</em>}
        <span class="why">{one.reasons.map(reason_text).join(" · ")}</span>
      </button>
      <button type="button" class="button helper" disabled={!able} aria-pressed={helps}
        onClick={onHelp}>{_("协助")}</button>
    </li>
  );
}

function told(why: unknown): string {
  if (why instanceof Problem) return why.message;
  throw why;
}
