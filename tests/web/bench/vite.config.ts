// The tablet's store and client in a page without screens, for tests that look inside.

import { defineConfig } from "vite";

export default defineConfig({
  root: import.meta.dirname,
  base: "/tablet/",
  build: { target: "es2022", emptyOutDir: true, minify: false },
});
