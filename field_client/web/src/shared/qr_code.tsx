// A QR code, drawn on the tablet itself.
//
// May not enter: what the text means.

import make from "qrcode-generator";
import { useMemo } from "preact/hooks";

const QUIET = 4; // modules of white around it, as the standard asks

/** The code as one path; readable in print and by old phones. */
export function QrCode({ text, label }: { readonly text: string; readonly label: string }) {
  const [size, path] = useMemo(() => drawn(text), [text]);
  const whole = size + 2 * QUIET;
  return (
    <svg class="qr" role="img" aria-label={label} data-text={text}
      viewBox={`${-QUIET} ${-QUIET} ${whole} ${whole}`} shape-rendering="crispEdges">
      <rect x={-QUIET} y={-QUIET} width={whole} height={whole} fill="#ffffff" />
      <path d={path} fill="#000000" />
    </svg>
  );
}

function drawn(text: string): readonly [size: number, path: string] {
  const code = make(0, "M");
  code.addData(text, "Byte");
  code.make();
  const size = code.getModuleCount();
  let path = "";
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      if (code.isDark(row, column)) path += `M${column} ${row}h1v1h-1z`;
    }
  }
  return [size, path];
}
