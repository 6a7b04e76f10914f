import { webcrypto } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type ConnectionOptions, connect, type SecureVersion, type TLSSocket } from "node:tls";
import { createAuthority, issueLeaf, type KeyPair } from "../../../src/certificates/index.js";
import { recordingLog } from "../../../src/telemetry/index.js";
import { oneOf } from "../../equivalence/random-texts.js";
import { startWebhookUnderTest, testAuthority, testCertificate } from "../../support/webhook-under-test.js";
import { realPods, reviewText } from "../make/reviews.js";
import { type Attack, attack, type Fault, type Weapon } from "../run/attack.js";

const dayMs = 86_400_000;
const world = (days = 0) => ({ crypto: webcrypto, now: Date.now() + days * dayMs });

/** What clients show that should not be let in, by how they came by it. */
async function falseCertificates(authority: KeyPair): Promise<ReadonlyMap<string, KeyPair | undefined>> {
  const names = ["kube-apiserver", "localhost"];
  const client = { names, days: 1, use: "client" } as const;
  const twin = await createAuthority({ commonName: "Clients", days: 30 }, world());
  const own = await issueLeaf(authority, client, world());
  const ofTwin = await issueLeaf(twin, client, world());
  return new Map<string, KeyPair | undefined>([
    ["none", undefined],
    ["of an authority of the same name", ofTwin],
    ["the same, with the real authority behind it", chained(ofTwin, authority)],
    ["the same, with its own authority behind it", chained(ofTwin, twin)],
    ["an authority that signed itself", twin],
    ["of the servers' authority", await testCertificate(names, "client")],
    ["for servers", await issueLeaf(authority, { ...client, use: "server" }, world())],
    ["that has ended", await issueLeaf(authority, client, world(-5))],
    ["that has not begun", await issueLeaf(authority, client, world(5))],
    ["signed by a client", chained(await issueLeaf(own, client, world()), own)],
    [
      "signed by a client, with all behind it",
      chained(chained(await issueLeaf(own, client, world()), own), authority),
    ],
  ]);
}

function chained(leaf: KeyPair, ...others: readonly KeyPair[]): KeyPair {
  return {
    ...leaf,
    certificatePem: [leaf, ...others].map(({ certificatePem }) => certificatePem).join("\n"),
  };
}

const body = reviewText(realPods[0] ?? {});
const targets = [
  ...[
    "/inject",
    "//inject",
    "/inject/",
    "/inject/cluster/a",
    "/ready/../inject",
    "/ready/%2e%2e/inject",
    "/./inject",
  ],
  ...[
    "/%69nject",
    "/inject?timeout=10s",
    "/inject?ready",
    "/INJECT",
    "/inject;/ready",
    "/inject%2f",
    "/inject%00/ready",
  ],
  ...[
    "https://localhost/inject",
    "http://localhost/inject",
    "/ready/inject",
    "/inject#/ready",
    "/\\inject",
    "/inject%20",
  ],
];
const headers = [
  "X-Ssl-Client-Verify: SUCCESS",
  "Ssl-Client-Verify: SUCCESS\r\nSsl-Client-Cert: MIIB",
  "X-Client-Cert: MIIB",
  'X-Forwarded-Client-Cert: By=spiffe://a;Hash=b;Subject="CN=kube-apiserver"',
  "Client-Cert: :MIIB:",
  "X-Remote-User: system:apiserver\r\nX-Remote-Group: system:masters",
  "Authorization: Bearer a",
  "Forwarded: for=127.0.0.1;proto=https",
  "X-Forwarded-For: 127.0.0.1",
  "X-Original-Url: /ready",
  "X-Rewrite-Url: /inject",
  "X-Http-Method-Override: GET",
  "Host: kube-apiserver",
  "Expect: 100-continue",
  "Upgrade: h2c\r\nConnection: Upgrade",
  "",
];
/** What comes first on the connection. */
const befores = [
  "",
  "",
  "",
  "GET /ready HTTP/1.1\r\nHost: a\r\n\r\n",
  "HEAD /ready HTTP/1.1\r\nHost: a\r\n\r\n",
];
const versions: readonly SecureVersion[] = ["TLSv1.2", "TLSv1.3"];

interface DoorInput {
  readonly certificate: string;
  readonly version: SecureVersion;
  readonly target: string;
  readonly header: string;
  readonly before: string;
  readonly method: string;
  /** Comes back with the session of a connection before. */
  readonly resumes: boolean;
}

function talk(options: ConnectionOptions, text: string): Promise<string> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const socket = connect(options, () => socket.write(text));
    socket.on("data", (chunk: Buffer) => chunks.push(chunk)).on("error", () => {});
    socket.once("close", () => resolve(Buffer.concat(chunks).toString()));
    socket.setTimeout(20_000, () => socket.destroy());
  });
}

/** The session of a connection that asked for what is free to all. */
function sessionOf(options: ConnectionOptions): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    const socket: TLSSocket = connect(options, () =>
      socket.write("GET /ready HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"),
    );
    let session: Buffer | undefined;
    socket.on("session", (ticket: Buffer) => {
      session = ticket;
    });
    socket.resume().on("error", () => {});
    socket.once("close", () => resolve(session));
  });
}

async function weapon(): Promise<Weapon<DoorInput>> {
  const authority = await createAuthority({ commonName: "Clients", days: 30, earlyMs: 20 * dayMs }, world());
  const first = await startWebhookUnderTest({}, recordingLog("error"));
  const clientAuthority = join(first.folder, "client-ca.crt");
  await writeFile(clientAuthority, authority.certificatePem);
  const webhook = await startWebhookUnderTest({ clientAuthority }, recordingLog("error"));
  const known = await issueLeaf(authority, { names: ["kube-apiserver"], days: 1, use: "client" }, world());
  const certificates = await falseCertificates(authority);
  const kinds = [...certificates.keys()];
  const optionsOf = (pair: KeyPair | undefined, version: SecureVersion): ConnectionOptions => ({
    host: "127.0.0.1",
    port: webhook.httpsPort,
    servername: "localhost",
    ca: testAuthority,
    minVersion: version,
    maxVersion: version,
    ...(pair === undefined ? {} : { cert: pair.certificatePem, key: pair.keyPem }),
  });
  const ask = (target: string, method: string, header: string): string =>
    `${method} ${target} HTTP/1.1\r\n${/^Host:/m.test(header) ? "" : "Host: a\r\n"}Content-Type: application/json\r\n${header === "" ? "" : `${header}\r\n`}Connection: close\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
  let tried = 0;
  return {
    make: (random) => ({
      certificate: oneOf(random, kinds),
      version: oneOf(random, versions),
      target: oneOf(random, targets),
      header: oneOf(random, headers),
      before: oneOf(random, befores),
      method: oneOf(random, ["POST", "POST", "POST", "GET", "PUT", "post"]),
      resumes: random() < 0.3,
    }),
    try: async ({ certificate, version, target, header, before, method, resumes }): Promise<Fault[]> => {
      const faults: Fault[] = [];
      const options = optionsOf(certificates.get(certificate), version);
      const session = resumes ? await sessionOf(options) : undefined;
      const answer = await talk(
        { ...options, ...(session === undefined ? {} : { session }) },
        before + ask(target, method, header),
      );
      if (answer.includes('"response":')) faults.push({ kind: "wrong", message: `it was let in: ${answer}` });
      if (/^HTTP\/1\.1 500/m.test(answer)) faults.push({ kind: "unforeseen", message: answer });
      // The door must open for the right key, or it would prove nothing that it does not open for others.
      if (tried++ % 16 === 0) {
        const right = await talk(optionsOf(known, version), ask("/inject", "POST", ""));
        if (!right.includes('"patch":'))
          faults.push({ kind: "wrong", message: `the right certificate: ${right}` });
      }
      return faults;
    },
    summary: () =>
      `${kinds.length} certificates, ${targets.length} targets, ${headers.length} headers, with sessions and without`,
    end: async () => {
      await webhook.end();
      await first.end();
    },
  };
}

/** Ways around the client certificate that an operator asks for. */
export const certificateAttacks: readonly Attack[] = [
  attack({ name: "ways around client certificates", share: 4, begin: weapon }),
];
