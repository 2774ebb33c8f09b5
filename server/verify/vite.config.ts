// How the page that checks is built: one file with everything in it, that opens from a disk
// and may fetch nothing.
//
// `infra/web_apps.py` runs it. May not enter: what the page does.

import { createHash } from "node:crypto";
import { defineConfig, type Plugin } from "vite";

import { packed } from "../../infra/packing.ts";

/** Script and style go into the page, and a policy that allows just these. */
function in_one_file(): Plugin {
  return {
    name: "doorstep:in-one-file",
    enforce: "post",
    generateBundle: {
      order: "post",
      handler(_options, bundle) {
        let [script, style] = ["", ""];
        for (const [name, one] of Object.entries(bundle)) {
          if (one.type === "chunk") script += one.code;
          else if (name.endsWith(".css")) style += String(one.source);
          if (name !== "index.html") delete bundle[name];
        }
        const page = bundle["index.html"];
        if (page?.type !== "asset") throw new Error("no page");
        script = script.trim().replaceAll("</script", "<\\/script");
        const policy = "default-src 'none'; base-uri 'none'; form-action 'none'; "
          + `script-src '${digest(script)}'; style-src '${digest(style)}'`;
        page.source = String(page.source)
          .replace(/\s*<script[^>]*><\/script>/g, "")
          .replace(/\s*<link rel="stylesheet"[^>]*>/g, "")
          .replace("<title>", () =>
            `<meta http-equiv="Content-Security-Policy" content="${policy}" />\n    <title>`)
          .replace("</head>", () => `  <style>${style}</style>\n  </head>`)
          .replace("</body>", () => `  <script type="module">${script}</script>\n  </body>`);
      },
    },
  };
}

function digest(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}

export default defineConfig({
  root: import.meta.dirname,
  base: "./",
  publicDir: false,
  build: {
    outDir: "../built/verify",
    emptyOutDir: true,
    target: "es2022",
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    rolldownOptions: { checks: { pluginTimings: false } },
  },
  plugins: [in_one_file(), packed()],
});
