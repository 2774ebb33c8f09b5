// How the tablet's pages are built: into the server's package, under hashed names, packed
// for the way, with a list of everything for the service worker.
//
// `infra/web_apps.py` runs it. May not enter: what a page does.

import { createHash } from "node:crypto";
import { defineConfig, type Plugin, type Rolldown } from "vite";

import { at_start, packed } from "../../infra/packing.ts";

const WORKER = "worker.js"; // its name never changes: a browser looks for news under it

export default defineConfig({
  root: import.meta.dirname,
  base: "/tablet/",
  build: {
    outDir: "../../server/built/tablet",
    emptyOutDir: true,
    target: "es2022",
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0, // what is inlined cannot be kept apart
    reportCompressedSize: false,
    rolldownOptions: {
      checks: { pluginTimings: false }, // packing takes longest, and may
      input: { main: "index.html", worker: "src/worker.ts" },
      output: {
        entryFileNames: ({ name }) =>
          name === "worker" ? WORKER : "assets/[name]-[hash].js",
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
  plugins: [list_for_worker(), packed()],
});

/** The service worker is told what belongs to this version: names, each with a digest. */
function list_for_worker(): Plugin {
  return {
    name: "doorstep:list",
    enforce: "post",
    generateBundle: {
      order: "post",
      handler(_options, bundle) {
        const worker = bundle[WORKER];
        if (worker?.type !== "chunk") return;
        if (worker.imports.length > 0) throw new Error("the worker must stand alone");
        const rows = Object.values(bundle)
          .filter((one) => one !== worker && !is_canned(one))
          .map((one) => [
            one.fileName.replace(/^index\.html$/, ""),
            digest(one.type === "chunk" ? one.code : one.source),
          ] as const)
          .sort(([one], [other]) => (one < other ? -1 : 1));
        worker.code = worker.code
          .replace("__VERSION__", () => JSON.stringify(digest(JSON.stringify(rows))))
          .replace("__SHELL__", () => JSON.stringify(rows));
      },
    },
  };
}

/** Screens with canned data are for whoever makes them, at a desk with a line. */
function is_canned(one: Rolldown.OutputAsset | Rolldown.OutputChunk): boolean {
  return one.type === "chunk" && one.facadeModuleId?.includes("/canned/") === true;
}

/** The first 96 bits of a SHA-256, as base64url. */
function digest(bytes: string | Uint8Array): string {
  return createHash("sha256").update(bytes).digest("base64url").slice(0, 16);
}
