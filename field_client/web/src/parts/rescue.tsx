// 导出救援包: everything that is owed, in one file that only the server can read.
//
// May not enter: how it is sealed.

import { useSignal } from "@preact/signals";

import { Button } from "../shared/controls.tsx";
import { Card } from "../shared/frame.tsx";
import { _ } from "../shared/words.ts";
import { tablet } from "../state.ts";

export function Rescue() {
  const said = useSignal("");
  const carry = async () => {
    const { export_bundle } = await import("../tablet/bundle.ts");
    const { file, facts, originals } = await export_bundle(tablet());
    hand_out(file);
    said.value = _("已写入：{facts} 条记录，{originals} 份原件。本机内容不变。", { facts, originals });
  };
  return (
    <Card title={_("救援包")}>
      <p>{_("平板要坏了、或长期没有网：导出一个加密文件，交给调度导入，不会重复。")}</p>
      <div class="row">
        <Button onPress={carry}>{_("导出救援包")}</Button>
        <span role="status">{said.value}</span>
      </div>
    </Card>
  );
}

function hand_out(file: Blob): void {
  const address = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = address;
  link.download = `doorstep-${new Date().toISOString().slice(0, 16).replace(/[:T]/g, "-")}.rescue`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
