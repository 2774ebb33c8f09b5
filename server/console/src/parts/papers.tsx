// What can be taken along: the acceptance sheet in its three copies, and everything about
// the order as one file. Both are checked anywhere, without this server.
//
// May not enter: what stands in them (`server/paper/`, `server/packing.py`).

import { _, N_ } from "#shared/words.ts";
import { can } from "../session.ts";
import type { Story } from "../story.ts";

const COPIES = [
  ["owner", N_("第一联 业主留存")],
  ["company", N_("第二联 公司留存")],
  ["contractor", N_("第三联 施工单位留存")],
] as const;

export function Papers({ story }: { readonly story: Story }) {
  const { rounds, request } = story.order;
  const path = `/v1/orders/${story.id}`;
  const signed = rounds.some(({ verdicts }) => verdicts.some((one) => one.answer === "accepted"));
  const packs = can("evidence.read", request?.site ?? "");
  if (!signed && !packs) return null;
  return (
    <p class="tools no-print">
      {signed && COPIES.map(([copy, words]) => (
        <a key={copy} class="button" download="" href={`${path}/certificate.pdf?copy=${copy}`}>
          {_(words)} PDF
        </a>
      ))}
      {packs && (
        <a class="button" download="" href={`${path}/evidence.zip`}>{_("证据包")} ZIP</a>
      )}
    </p>
  );
}
