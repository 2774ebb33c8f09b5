// The list on the board as a file: the same filters, asked of the server.
//
// May not enter: what a file looks like.

import { _ } from "#shared/words.ts";
import { place } from "../routes.ts";

// What the server filters by under the same name; the others are this screen's own.
const THEIRS: ReadonlySet<string> = new Set([
  "project", "trade", "priority", "technician", "late", "review",
]);

/** A link to the file; nothing where it would hold other orders than the screen. */
export function ExportLink() {
  const query = place.value.query;
  if ([...query.keys()].some((name) => !THEIRS.has(name))) return null;
  const asked = new URLSearchParams(query);
  asked.set("open", "1");
  asked.set("order_by", "worst");
  return (
    <a class="button quiet" href={`/v1/export/orders.xlsx?${asked}`} download="">
      {_("导出 Excel")}
    </a>
  );
}
