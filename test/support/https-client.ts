import { type ClientRequest, type IncomingHttpHeaders, request as plainRequest } from "node:http";
import { Agent, type RequestOptions, request } from "node:https";
import { Readable } from "node:stream";

/** An answer, read whole. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/**
 * Sends one request, over TLS where the URL says so, and reads the answer whole. The path goes out as it stands.
 *
 * @param body a stream is sent as fast as the other side takes it
 */
export function send(
  url: string,
  options: RequestOptions,
  body?: string | Uint8Array | Readable,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const make = url.startsWith("https:") ? request : plainRequest;
    const [, hostname = "", port = "", path = "/"] = /^https?:\/\/([^:/]+):(\d+)(.*)$/.exec(url) ?? [];
    const sent: ClientRequest = make({ ...options, hostname, port, path }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text: Buffer.concat(chunks).toString(),
        }),
      );
    });
    sent.on("error", reject);
    if (body instanceof Readable) body.pipe(sent);
    else sent.end(body);
  });
}

/** An agent that keeps its connections, as the API server does. */
export function keepAliveAgent(ca: string, connections: number): Agent {
  return new Agent({ keepAlive: true, maxSockets: connections, ca });
}
