// How what was built travels: what the start needs in one file, and each file packed beside
// itself. Both faces' `vite.config.ts` use it.
//
// May not enter: where a face lies, what belongs to it.

import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import type { Plugin, Rolldown } from "vite";

type GetModuleInfo = Rolldown.GetModuleInfo;

const LEAST_BYTES = 400; // below, a packed file is hardly smaller than a plain one

/** One file for everything that the start needs: each further request costs a round trip.
 * `main.tsx` stays apart: it waits, and what is fetched later must not wait for it. */
export function at_start(id: string, info: GetModuleInfo): string | null {
  const seen = new Set<string>();
  const from = [...info(id)?.importers ?? []];
  for (let one = from.pop(); one !== undefined; one = from.pop()) {
    if (one.endsWith("/src/main.tsx")) return "app";
    if (seen.has(one)) continue;
    seen.add(one);
    from.push(...info(one)?.importers ?? []);
  }
  return null;
}

/** Beside each file what travels in its place: packed as small as can be where somebody
 * waits for it, fast elsewhere. */
export function packed(): Plugin {
  return {
    name: "doorstep:packed",
    enforce: "post",
    generateBundle: {
      order: "post",
      handler(_options, bundle) {
        for (const one of Object.values(bundle)) {
          const bytes = Buffer.from(one.type === "chunk" ? one.code : one.source);
          if (bytes.length < LEAST_BYTES) continue;
          const { fileName } = one;
          this.emitFile({
            type: "asset", fileName: `${fileName}.gz`, source: gzipSync(bytes, { level: 9 }),
          });
          this.emitFile({
            type: "asset", fileName: `${fileName}.br`, source: brotliCompressSync(bytes, {
              params: { [constants.BROTLI_PARAM_QUALITY]: one.name === "app" ? 11 : 5 },
            }),
          });
        }
      },
    },
  };
}
