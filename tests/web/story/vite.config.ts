// The tablet's store and client as a tablet of the simulation, in a page without screens.

import { defineConfig } from "vite";

export default defineConfig({
  root: import.meta.dirname,
  base: "/tablet/",
  build: { target: "es2022", emptyOutDir: true, minify: false },
});
