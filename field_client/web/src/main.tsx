// Opens the tablet and shows it; or says why it cannot be opened.
//
// May not enter: anything that a test could want to hand in differently.

import { render } from "preact";

import { Refused } from "../../../sync/problems.ts";
import { App } from "./app.tsx";
import { open_tablet } from "./opening.ts";
import { watch_updates } from "./updates.ts";
import { explain } from "./view.ts";
import { preferred, speak } from "./words.ts";

const app = document.getElementById("app")!; // stands in index.html

await speak(preferred());
try {
  await open_tablet();
  render(<App />, app);
} catch (why) {
  if (!(why instanceof Refused)) throw why;
  render(<main class="body"><p role="alert">{explain(why)}</p></main>, app);
}
if (import.meta.env.PROD) void watch_updates();
