// What two people stated about the same without knowing of each other: side by side, and one
// tap says which of them holds. Whoever states it once more has settled it.
//
// May not enter: the step in which it is found.

import type {
  Item, Order, Part, Photo, Quote, Survey, WorkRecord,
} from "../../../../sync/order.ts";
import { total_fen } from "../../../../sync/prices.ts";
import { author_of } from "../job/recording.ts";
import { tell_all, type Saying } from "../job/telling.ts";
import { Button } from "../shared/controls.tsx";
import { Card } from "../shared/frame.tsx";
import { yuan_text } from "../shared/money.ts";
import { PAYERS } from "../shared/wording.ts";
import { _, N_ } from "../shared/words.ts";
import type { Sight } from "../tablet/sight.ts";
import { Picture } from "./picture.tsx";

/** One of two words on the same thing. */
interface Word {
  readonly fact: string;
  readonly words: string;
  readonly again: Saying; // states it once more
  readonly picture?: string;
}

interface Pair {
  readonly title: string;
  readonly words: readonly Word[]; // the one that stands first
}

/** Everything that was stated twice in this order. */
export function Besides({ sight }: { readonly sight: Sight }) {
  return (
    <>
      {pairs(sight).map((pair) => (
        <Card key={pair.words[0]?.fact} tone="warn" title={pair.title}>
          <p>{_("两人离线各填了一份，请选一份。")}</p>
          <div class="beside">
            {pair.words.map((one) => (
              <div key={one.fact} class="card">
                <p class="muted">{author_of(sight.order, one.fact)}</p>
                {one.picture !== undefined && <Picture name={one.picture} words="" small />}
                <p>{one.words}</p>
                <Button onPress={async () => {
                  await tell_all(sight.order.stream, [one.again]);
                }}>{_("按这份")}</Button>
              </div>
            ))}
          </div>
        </Card>
      ))}
    </>
  );
}

function pairs(sight: Sight): readonly Pair[] {
  const { order } = sight;
  const { beside } = order;
  const survey = beside.survey.length && order.survey
    ? [{ title: _("勘察有两份"),
        words: [order.survey, ...beside.survey].map((one) => surveyed(sight, one)) }] : [];
  const quote = beside.quote.length && order.quote
    ? [{ title: _("报价有两份"), words: [order.quote, ...beside.quote].map(offered) }] : [];
  return [
    ...survey, ...quote,
    ...groups(order.items, beside.items, ({ item }) => item).map((held) => ({
      title: _("第 {n} 项有两份", { n: held[0]?.item }),
      words: held.map((one) => found(sight, one)),
    })),
    ...groups(order.records, beside.records, ({ item }) => item).map((held) => ({
      title: _("第 {n} 项的维修记录有两份", { n: held[0]?.item }),
      words: held.map((one) => recorded(sight, one)),
    })),
    ...groups(order.parts, beside.parts, ({ fact }) => corrected(order, fact)).map((held) => ({
      title: _("用料有两份"), words: held.map((one) => used(sight, one)),
    })),
    ...groups(order.photos, beside.photos, ({ fact }) => corrected(order, fact)).map((held) => ({
      title: _("照片说明有两份"), words: held.map((one) => taken(order, one)),
    })),
  ];
}

/** What stands together with what others stated about the same. */
function groups<T>(
  standing: readonly T[], beside: readonly T[], about: (one: T) => unknown,
): readonly (readonly T[])[] {
  const subjects = [...new Set(beside.map(about))];
  return subjects.map((subject) =>
    [...standing, ...beside].filter((one) => about(one) === subject));
}

/** The fact that this one puts right: what two corrections have in common. */
function corrected(order: Order, fact: string): string {
  return order.history.find(({ id }) => id === fact)?.about ?? fact;
}

function corrects(order: Order, fact: string): string | null {
  const about = corrected(order, fact);
  return about.startsWith("correction ") ? about.slice("correction ".length) : null;
}

function surveyed(sight: Sight, one: Survey): Word {
  const { cause, method, present, estimate_minutes, estimate_fen, promised_ms } = one;
  const says = { cause, method, present, estimate_minutes, estimate_fen, promised_ms };
  return {
    fact: one.fact, words: `${_(cause)} → ${_(method)}`,
    again: { what: { kind: "survey.surveyed", says }, words: words_of(sight, one, ["words"]) },
  };
}

function offered({ fact, lines, price_list }: Quote): Word {
  return {
    fact, words: yuan_text(total_fen(lines)),
    again: { what: { kind: "survey.quoted", says: { lines, price_list } } },
  };
}

function found(sight: Sight, one: Item): Word {
  const { fact, item, trade, payer } = one;
  const words = words_of(sight, one, ["what", "where"]);
  return {
    fact, words: [words["where"], words["what"], _(PAYERS[payer])].filter(Boolean).join(" · "),
    again: { what: { kind: "survey.item_found", says: { item, trade, payer } }, words },
  };
}

function recorded(sight: Sight, one: WorkRecord): Word {
  const { fact, item, cause, remedy, labour_minutes, labour_fen } = one;
  const says = { item, cause, remedy, labour_minutes, labour_fen };
  return {
    fact, words: `${_(cause)} → ${_(remedy)}`,
    again: {
      what: { kind: "work.recorded", says },
      words: words_of(sight, one, ["words", "owner_remarks"]),
    },
  };
}

function used(sight: Sight, one: Part): Word {
  const { fact, line, price_list } = one;
  const words = words_of(sight, one, ["name"]);
  const says = { corrects: corrects(sight.order, fact), line, price_list };
  return {
    fact, words: `${words["name"] || line.code} × ${line.quantity}`,
    again: { what: { kind: "work.part_used", says }, words },
  };
}

/** A picture's bytes would have to be told again; what can be said without them is that the
 * other word about it was a mistake. */
function taken(order: Order, one: Photo): Word {
  const other = [...order.photos, ...order.beside.photos].find((held) =>
    held !== one && corrected(order, held.fact) === corrected(order, one.fact));
  const says = { fact: other?.fact ?? one.fact, reason: N_("以另一份为准") };
  return {
    fact: one.fact, picture: one.blob.sha256, words: _("第 {n} 项", { n: one.item ?? "—" }),
    again: { what: { kind: "work.retracted", says } },
  };
}

function words_of(
  sight: Sight, one: { readonly private: ReadonlyMap<string, string> }, names: readonly string[],
): Readonly<Record<string, string>> {
  return Object.fromEntries(names.map((name) => [name, sight.text(one.private, name)]));
}
