// Opens the tablet and shows it.
//
// May not enter: anything that a test could want to hand in differently.

import { render } from "preact";

import { App } from "./app.tsx";
import { watch_updates } from "./updates.ts";
import { preferred, speak } from "./words.ts";

await speak(preferred());
render(<App />, document.getElementById("app")!);
if (import.meta.env.PROD) void watch_updates();
