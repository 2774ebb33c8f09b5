// S8 下班检查: may one go home? Green only if nothing waits and every receipt is stored (U16).
//
// May not enter: storage, requests.

import { useEffect } from "preact/hooks";

import { day_sum, is_over } from "../day_end.ts";
import { runner } from "../opening.ts";
import { Screen } from "../parts/frame.tsx";
import { TruthMark } from "../parts/truth.tsx";
import { follow, owing } from "../present.ts";
import { renew } from "../renewing.ts";
import { to_order } from "../routes.ts";
import { Primary } from "../shared/controls.tsx";
import { Card } from "../shared/frame.tsx";
import { size_text } from "../shared/wording.ts";
import { _ } from "../shared/words.ts";
import { line, sight_of } from "../state.ts";
import { flat } from "../view.ts";

export function DayEnd() {
  useEffect(follow, []);
  const all = [...owing.value.values()];
  const sum = day_sum(all);
  const send = async () => {
    await runner().upload_now();
    await renew();
  };
  const foot = <Primary onPress={send}>{line.value.busy ? _("正在上传…") : _("立即上传")}</Primary>;
  return (
    <Screen title={_("下班检查")} back="#/" foot={is_over(all) ? undefined : foot}>
      {is_over(all) ? (
        <div class="green-light tall" role="status" data-testid="day-over">
          <strong>✓✓ {_("都已上传，可以下班")}</strong>
          <p>{_("{orders} 单、{photos} 张照片、{signatures} 个签字，都在服务器上。", { ...sum })}</p>
        </div>
      ) : (
        <Card tone="warn" title={_("还不能下班：剩 {n} 单没传完", { n: all.filter(is_open).length })}>
          <p>{_("都已存在本机，不会丢。连上网络后自动上传，或点下面的按钮。")}</p>
        </Card>
      )}
      {all.filter(is_open).map((one) => {
        const sight = sight_of(one.stream);
        const facts = one.facts.filter((fact) => fact.waiting).length;
        const pieces = one.pieces.filter(({ original }) => original.waiting).length;
        return (
          <Card key={one.stream}>
            <div class="row">
              <a class="grow line-link" href={to_order(one.stream)}>
                {sight === undefined ? one.stream.slice(-8) : flat(sight)}
              </a>
              <TruthMark truth={one.truth} />
            </div>
            <p class="num">
              {_("记录 {facts} 条，原件 {pieces} 份，{size}", {
                facts, pieces, size: size_text(one.bytes_waiting) })}
            </p>
          </Card>
        );
      })}
      <a class="button" href="#/outbox">{_("打开上传箱")}</a>
    </Screen>
  );
}

function is_open(one: Parameters<typeof is_over>[0][number]): boolean {
  return !is_over([one]);
}
