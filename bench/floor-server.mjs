// The floor of bench/http.mjs: the webhook's own HTTPS server, whose handler reads the body and answers a prepared text.
// What it costs is what any answer over this server costs; what the webhook costs beyond it is injection.
//
// Arguments: port, certificate file, key file, file with the prepared answer.

import { readFileSync } from "node:fs";
import { Gate } from "../dist/server/gate.js";
import { httpsApp } from "../dist/server/https-app.js";
import { defaultLimits, defaultTimeouts } from "../dist/server/index.js";
import { readBody } from "../dist/server/read-body.js";

const [port, certificate, key, answerFile] = process.argv.slice(2);
const answer = readFileSync(answerFile, "utf8");
const gate = new Gate(defaultLimits);
const silent = () => {};

const app = httpsApp({
  secure: { cert: readFileSync(certificate), key: readFileSync(key), minVersion: "TLSv1.2" },
  requestCertificate: false,
  timeouts: defaultTimeouts,
  checks: [],
  draining: () => false,
  log: { debug: silent, info: silent, warn: silent, error: silent },
  handler: async (request, reply) => {
    const passage = gate.enter();
    try {
      await readBody(request.raw, passage, defaultTimeouts.body);
      return reply.code(200).header("content-type", "application/json").serializer(String).send(answer);
    } finally {
      passage.leave();
    }
  },
});
await app.listen({ port: Number(port), host: "127.0.0.1" });
process.once("SIGTERM", () => app.close());
