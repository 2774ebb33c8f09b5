// Every key that does something here, in words.
//
// May not enter: what a key does.

import { Button } from "#shared/controls.tsx";
import { Dialog } from "#shared/frame.tsx";
import { _ } from "#shared/words.ts";
import { keys_here, keys_on } from "../keys.ts";

export function Keyboard({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog title={_("键盘操作一览")} onClose={onClose}>
      {!keys_on.value && <p>{_("单键操作已关闭，可在设置中打开。")}</p>}
      <dl class="keys">
        {keys_here().map(({ key, words }) => (
          <div key={key}><dt><kbd>{shown(key)}</kbd></dt><dd>{words}</dd></div>
        ))}
        <div><dt><kbd>Esc</kbd></dt><dd>{_("关闭对话框")}</dd></div>
      </dl>
      <Button kind="primary" onPress={onClose}>{_("知道了")}</Button>
    </Dialog>
  );
}

const SIGNS: Readonly<Record<string, string>> = {
  ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑", ArrowDown: "↓", Enter: "↵", " ": "␣",
};

function shown(key: string): string {
  return SIGNS[key] ?? (key.length === 1 ? key.toUpperCase() : key);
}
