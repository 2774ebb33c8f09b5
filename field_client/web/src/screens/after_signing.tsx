// It is signed: the owner takes a copy home, may rate the visit, and gives the tablet back
// (A4).
//
// The link is known from the sheet alone; nothing here needs a network. May not enter: the
// server's answer.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import type { Verdict } from "../../../../sync/exported/records.ts";
import type { What } from "../../../../sync/facts.ts";
import { Refused } from "../../../../sync/problems.ts";
import { short_code } from "../../../../sync/sheet.ts";
import { OwnerFrame } from "../owner/frame.tsx";
import { copy_link } from "../shared/sheet.ts";
import { moment } from "../shared/sheet_wording.ts";
import { QrCode } from "../shared/qr_code.tsx";
import { renew } from "../renewing.ts";
import { go_instead, to_order } from "../routes.ts";
import { explain } from "../shared/wording.ts";
import { _, N_ } from "../shared/words.ts";
import { sight_of, tablet } from "../state.ts";

interface AfterSigningProps {
  readonly stream: string;
  readonly verdict: Verdict;
  readonly round: number;
}

/** What the owner sees after the signature. */
export function AfterSigning({ stream, verdict, round }: AfterSigningProps) {
  const server = useSignal<string | null>(null);
  useEffect(() => {
    void tablet().who().then((who) => { server.value = who.server; });
  }, [server]);
  const passed = verdict.answer === "accepted";
  const title = passed ? _("已签字，验收通过") : _("已记下：不通过");
  const next = passed
    ? _("谢谢您。请用微信扫一扫，保存您的验收单。")
    : _("已退回返修，{at} 前完成。请扫一扫，保存这次的记录。", { at: moment(verdict.due_ms) });
  return (
    <OwnerFrame title={title} fixed said={[title, next, _(BACK)]}
      onTakenBack={() => { if (!passed) go_instead(to_order(stream, "rework")); }}>
      <section class={passed ? "card good after" : "card warn after"}>
        <p class="large">{next}</p>
        {server.value !== null && (
          <QrCode text={copy_link(server.value, verdict.sheet)} label={_("验收单的二维码")} />
        )}
        <p>
          {_("短码")} <strong class="num large" data-testid="code">
            {short_code(verdict.sheet)}
          </strong>
        </p>
        <p class="muted">{_("平板联网以前，扫码看到的是“还没有传到”。")}</p>
      </section>
      <Stars stream={stream} round={round} />
      <p class="large">{_(BACK)}</p>
    </OwnerFrame>
  );
}

const BACK = N_("请把平板交还师傅");

/** One to five stars; nobody has to. */
function Stars({ stream, round }: { readonly stream: string; readonly round: number }) {
  const wrong = useSignal<string | null>(null);
  const given = sight_of(stream)?.order.ratings.filter((one) => one.round === round).at(-1);
  const rate = async (stars: number) => {
    try {
      const what: What = { kind: "acceptance.rated", says: { round, stars } };
      await tablet().tell(stream, what);
      await renew();
    } catch (why) {
      if (!(why instanceof Refused)) throw why;
      wrong.value = explain(why);
    }
  };
  return (
    <fieldset class="card stars">
      <legend>{_("给这次上门打几分？可不打")}</legend>
      <div role="radiogroup" aria-label={_("打分")}>
        {[1, 2, 3, 4, 5].map((stars) => (
          <button type="button" class="button" key={stars} role="radio"
            aria-checked={given?.stars === stars} aria-label={_("{n} 星", { n: stars })}
            onClick={() => rate(stars)}>
            {stars <= (given?.stars ?? 0) ? "★" : "☆"}
          </button>
        ))}
      </div>
      {wrong.value !== null && <p role="alert">{wrong.value}</p>}
    </fieldset>
  );
}
