// How the console's pages are built: into the server's package, under hashed names, packed
// for the way.
//
// `infra/web_apps.py` runs it. May not enter: what a page does.

import { defineConfig } from "vite";

import { at_start, packed } from "../../infra/packing.ts";

export default defineConfig({
  root: import.meta.dirname,
  base: "/console/",
  publicDir: false,
  build: {
    outDir: "../built/console",
    emptyOutDir: true,
    target: "es2022",
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    rolldownOptions: {
      checks: { pluginTimings: false },
      output: {
        codeSplitting: {
          groups: [{
            debugName: "app",
            name: (id, chunks) => at_start(id, (one) => chunks.getModuleInfo(one)),
          }],
        },
      },
    },
  },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  plugins: [packed()],
});
