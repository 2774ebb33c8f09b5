// How the tablet's pages are built: into the server's package, under hashed names.

import { defineConfig } from "vite";

export default defineConfig({
  root: import.meta.dirname,
  base: "/tablet/",
  build: {
    outDir: "../../server/built/tablet",
    emptyOutDir: true,
    target: "es2022",
    modulePreload: { polyfill: false },
  },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
});
