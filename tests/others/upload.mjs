// Upload files with tus-js-client as it comes: node upload.mjs ENDPOINT GRANT FILE…
// Says what was asked of the server, one line for each request.

import { createHash } from "node:crypto";
import { createReadStream, readFileSync } from "node:fs";
import { Upload } from "tus-js-client";

const [endpoint, grant, ...files] = process.argv.slice(2);

const upload = file =>
  new Promise((resolve, reject) =>
    new Upload(createReadStream(file), {
      endpoint,
      headers: { Authorization: `Bearer ${grant}` },
      metadata: {
        sha256: createHash("sha256").update(readFileSync(file)).digest("hex"),
        type: "image/jpeg",
      },
      retryDelays: Array(60).fill(20),
      onAfterResponse: (request, answer) =>
        console.log(request.getMethod(), answer.getStatus()),
      onError: reject,
      onSuccess: resolve,
    }).start(),
  );

for (const file of files) await upload(file);
