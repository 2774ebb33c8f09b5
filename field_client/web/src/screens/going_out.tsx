// 出门前检查: may one go out with this tablet? Green only if everything was proven (U02).
//
// May not enter: how things are found out.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import { going_out, is_fit, type Finding } from "../going_out.ts";
import { runner } from "../opening.ts";
import { Findings } from "../parts/findings.tsx";
import { Screen } from "../parts/frame.tsx";
import { renew } from "../renewing.ts";
import { Primary } from "../shared/controls.tsx";
import { Button } from "../shared/controls.tsx";
import { Card } from "../shared/frame.tsx";
import { _ } from "../shared/words.ts";
import { line, sights, tablet } from "../state.ts";

export function GoingOut() {
  const findings = useSignal<readonly Finding[] | null>(null);
  const look = async () => { findings.value = await going_out(tablet()); };
  useEffect(() => { void look(); }, [sights.value, line.value.reached_ms]);
  const found = findings.value;
  const exchange = async () => {
    await runner().upload_now();
    await renew();
    await look();
  };
  const keep = async () => {
    await navigator.storage.persist();
    await look();
  };
  const lost = found?.some((one) => one.name === "storage" && one.verdict !== "ok");
  return (
    <Screen title={_("出门前检查")} back="#/"
      foot={<Primary onPress={exchange}>{line.value.busy ? _("正在交换…") : _("立即交换")}</Primary>}>
      {found !== null && (is_fit(found)
        ? <div class="green-light" role="status"><strong>● {_("都备好了，可以出门")}</strong></div>
        : (
          <Card tone="warn">
            <p role="status"><strong>▲ {_("还有 {n} 项要看一下", {
              n: found.filter((one) => one.verdict !== "ok").length })}</strong></p>
          </Card>
        ))}
      {found !== null && <Findings findings={found} />}
      {lost === true && <Button onPress={keep}>{_("开启持久存储")}</Button>}
    </Screen>
  );
}
