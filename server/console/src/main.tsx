// Finds out who sits here and shows the console.
//
// May not enter: anything that a test could want to hand in differently.

import { render } from "preact";

import { chosen_language, speak } from "#shared/words.ts";
import { App } from "./app.tsx";
import { Problem } from "./api.ts";
import { resume } from "./session.ts";

const app = document.getElementById("app")!; // stands in index.html

await speak(chosen_language());
try {
  await resume();
  render(<App />, app);
} catch (why) {
  if (!(why instanceof Problem)) throw why;
  render(<main class="alone"><p role="alert">{why.message}</p></main>, app);
}
