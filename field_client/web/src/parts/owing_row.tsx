// One order in the outbox: its records, photos and signatures, each with how far it got, and
// what a person must do about what went wrong.
//
// May not enter: requests, storage.

import labels from "../../../../sync/exported/labels.json";
import { KINDS } from "../../../../sync/facts.ts";
import { fact_trouble, is_only_here, piece_trouble, truth_of, type Owing, type Piece } from "../owing.ts";
import { me } from "../present.ts";
import { renew, shelved } from "../renewing.ts";
import { go, to_order } from "../routes.ts";
import { mark_seen, seen } from "../seen.ts";
import { Button } from "../shared/controls.tsx";
import { Card } from "../shared/frame.tsx";
import { sentence, size_text } from "../shared/wording.ts";
import { _, N_ } from "../shared/words.ts";
import { sight_of } from "../state.ts";
import type { Original, Owned } from "../store/owed.ts";
import { record_undoable } from "../telling.ts";
import { flat } from "../view.ts";
import { TruthMark } from "./truth.tsx";

const REVIEWS: Readonly<Record<string, string>> = labels.reviews;

const ROLES: Readonly<Record<string, string>> = {
  photo: N_("照片"), signature: N_("签字"), sheet: N_("验收单"),
};

export function OwingRow({ one }: { readonly one: Owing }) {
  const sight = sight_of(one.stream);
  const name = sight === undefined ? one.stream.slice(-8) : `${sight.name} · ${flat(sight)}`;
  const roles = [...new Set(one.pieces.map(({ original }) => original.role))];
  return (
    <Card>
      <div class="row">
        <a class="grow line-link" href={to_order(one.stream)}>{name}</a>
        <TruthMark truth={one.truth} />
      </div>
      <div class="row">
        <Count words={_("记录")} all={one.facts} />
        {roles.map((role) => (
          <Count key={role} words={_(ROLES[role] ?? role)}
            all={one.pieces.map(({ original }) => original).filter((of) => of.role === role)} />
        ))}
        {one.bytes_waiting > 0 && <span class="num">{_("还剩 {size}", { size: size_text(one.bytes_waiting) })}</span>}
        {lacks(one) && <strong>{_("证据待齐 {done}/{all}", lacks(one) ?? {})}</strong>}
      </div>
      <Troubles one={one} />
    </Card>
  );
}

function Count({ words, all }: {
  readonly words: string; readonly all: ReadonlyArray<Owned | Original>;
}) {
  const over = all.filter((one) => !is_only_here(one)).length;
  const whole = over === all.length;
  return (
    <span class="num">
      {words} {whole ? <TruthMark truth={truth_of(all)} more={`${all.length}`} />
        : <TruthMark truth="saved" more={`${over}/${all.length}`} />}
    </span>
  );
}

/** Facts are in custody and bytes that they speak of are not: the server waits for them. */
function lacks({ facts, pieces }: Owing): { readonly done: number; readonly all: number } | null {
  const handed = new Set(facts.filter((one) => !is_only_here(one)).map((one) => one.id));
  const due = pieces.filter((one) => handed.has(one.fact));
  const done = due.filter(({ original }) => !original.waiting).length;
  return done < due.length ? { done, all: due.length } : null;
}

/** What needs a person, until somebody has seen to it. */
function Troubles({ one }: { readonly one: Owing }) {
  const facts = one.facts.flatMap((fact) => {
    const why = fact_trouble(fact, shelved.value);
    return why === null || (is_verdict(why) && seen.value.has(fact.id)) ? [] : [{ fact, why }];
  });
  const pieces = one.pieces.flatMap((piece) => {
    const why = piece_trouble(piece.original, shelved.value);
    return why === null || seen.value.has(piece.original.sha256) ? [] : [{ piece, why }];
  });
  if (facts.length + pieces.length === 0) return null;
  return (
    <ul class="story">
      {facts.map(({ fact, why }) => (
        <li key={fact.id}>
          <span><strong>!</strong> {_(KINDS.get(fact.kind)?.label ?? fact.kind)}：{why_text(fact, why)}</span>
          {is_verdict(why) &&
            <span><Button onPress={() => see([fact.id])}>{_("知道了")}</Button></span>}
        </li>
      ))}
      {pieces.map(({ piece, why }) => <Flawed key={piece.original.sha256} piece={piece} why={why} stream={one.stream} />)}
    </ul>
  );
}

/** Somebody has seen this: it needs nobody any more. */
async function see(names: readonly string[]): Promise<void> {
  await mark_seen(names);
  await renew();
}

function is_verdict(why: string): boolean {
  return why === "review" || why === "quarantined";
}

const OUTCOMES: Readonly<Record<string, string>> = {
  quarantined: N_("已收，暂时隔离，等服务器升级后再读；不会丢。"),
  shelved: N_("多次没有传成，已放到一边；点“立即上传”再试。"),
  refused: N_("服务器没有收，仍在本机。请导出救援包并联系调度。"),
};

function why_text(fact: Owned, why: string): string {
  if (why === "review") {
    const codes = fact.receipt?.reviews ?? [];
    return codes.map((code) => _(REVIEWS[code] ?? code)).join("；") || _("已收，待人工核对");
  }
  const own = OUTCOMES[why];
  const more = fact.receipt?.reason ?? null;
  return own === undefined ? sentence(why) : _(own) + (more === null ? "" : sentence(more));
}

/** A picture that came out damaged: take it again, or say why it stays like that. */
function Flawed({ piece, why, stream }: {
  readonly piece: Piece; readonly why: string; readonly stream: string;
}) {
  const { original, fact } = piece;
  const moment = sight_of(stream)?.order.photos.find((one) => one.fact === fact)?.moment ?? "after";
  const again = () => { go(to_order(stream, moment === "before" ? "before" : "after")); };
  const explain = async () => {
    const reason = "照片损坏，无法重拍";
    await record_undoable(stream, "work.retracted", { fact, reason }, _("已说明"));
    await see([original.sha256]);
  };
  const own = OUTCOMES[why];
  return (
    <li>
      <span><strong>!</strong> {_(ROLES[original.role] ?? original.role)}：{own ? _(own) : sentence(why)}</span>
      {why !== "shelved" && me.value !== "" && original.role === "photo" && (
        <span class="row">
          <Button onPress={again}>{_("重拍")}</Button>
          <Button onPress={explain}>{_("不能重拍，说明原因")}</Button>
          <Button onPress={() => see([original.sha256])}>{_("知道了")}</Button>
        </span>
      )}
    </li>
  );
}
