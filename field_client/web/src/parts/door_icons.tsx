// Pictures for the card of steps at the door; they say nothing that the words do not.
//
// May not enter: words.

import type { Icon } from "../shared/door_steps.ts";

// Paths on a field of 24 by 24, drawn with a line two wide.
const PATHS: Readonly<Record<Icon, readonly string[]>> = {
  bell: ["M6 17V11a6 6 0 0 1 12 0v6l2 2H4z", "M10 21h4", "M12 3v2"],
  badge: ["M5 6h14v15H5z", "M9 6V3h6v3", "M12 10a2 2 0 1 0 .01 0", "M8 18c1-3 7-3 8 0"],
  shoe: ["M3 9v8h18c0-4-5-4-8-6l-2-4-3 2z", "M3 20h18"],
  cloth: ["M3 8l9-4 9 4-9 4z", "M3 12l9 4 9-4", "M3 16l9 4 9-4"],
  talk: ["M4 4h16v11H11l-5 5v-5H4z", "M8 8h8", "M8 11h5"],
  card: ["M3 5h18v14H3z", "M7 9h10", "M7 13h10", "M7 16h5"],
  other: ["M12 4v16", "M4 12h16"],
};

/** One of them, as large as a finger. */
export function DoorIcon({ icon }: { readonly icon: Icon }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2"
      stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">
      {PATHS[icon].map((path) => <path key={path} d={path} />)}
    </svg>
  );
}
