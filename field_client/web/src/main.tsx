// Opens the tablet and shows it; or says why it cannot be opened.
//
// May not enter: anything that a test could want to hand in differently.

import { render } from "preact";

import { Refused } from "../../../sync/problems.ts";
import { App } from "./app.tsx";
import { open_tablet } from "./opening.ts";
import { explain } from "./shared/wording.ts";
import { chosen_language, speak } from "./shared/words.ts";
import { watch_updates } from "./updates.ts";

const canned = new URLSearchParams(location.search).get("canned"); // for whoever makes screens
const app = document.getElementById("app")!; // stands in index.html

await speak(chosen_language());
try {
  if (canned === null) await open_tablet();
  else await (await import("./canned/open.ts")).open_canned(canned);
  render(<App />, app);
} catch (why) {
  if (!(why instanceof Refused)) throw why;
  render(<main class="body"><p role="alert">{explain(why)}</p></main>, app);
}
if (import.meta.env.PROD && !canned) void watch_updates();
