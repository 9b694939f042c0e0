import { rmSync, writeFileSync } from "node:fs";

import { build } from "esbuild";

rmSync("dist", { recursive: true, force: true });
await build({
  entryPoints: ["get_product.mjs", "authorizer.mjs"],
  outdir: "dist",
  bundle: true,
  minify: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  // The SDK's ES modules, of which unused parts are left out.
  mainFields: ["module", "main"],
  define: { "process.env.NODE_ENV": '"production"' },
  legalComments: "none",
  logLevel: "warning",
});
// The folder above is of ES modules, and the runtime would take these files for such.
writeFileSync("dist/package.json", '{"type":"commonjs"}\n');
