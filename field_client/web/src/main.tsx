// Opens the tablet and shows it.
//
// May not enter: anything that a test could want to hand in differently.

import { render } from "preact";

import { App } from "./app.tsx";
import { preferred, speak } from "./words.ts";

await speak(preferred());
render(<App />, document.getElementById("app")!);
