import { type ConnectionOptions, connect } from "node:tls";
import { ServerError } from "./server-error.js";

/** Where and how to shake hands. */
export interface HandshakeTarget {
  readonly host: string;
  readonly port: number;
  /** SHA-256 of the certificate that must be shown. */
  readonly fingerprint: string;
  readonly timeoutMs: number;
  /** Groups for a server that speaks only some. */
  readonly ecdhCurve?: string;
}

/**
 * Shakes hands with the own TLS port as a client does, and looks which certificate it shows. A server that listens may
 * still fail every handshake; one that passes this does not.
 *
 * @throws ServerError `handshake-failed`
 */
export function shakeHands({
  host,
  port,
  fingerprint,
  timeoutMs,
  ecdhCurve,
}: HandshakeTarget): Promise<void> {
  const options: ConnectionOptions = {
    host,
    port,
    // It is the own port; what counts is which certificate it shows, and that is compared below.
    rejectUnauthorized: false,
    timeout: timeoutMs,
    ...(ecdhCurve === undefined ? {} : { ecdhCurve }),
  };
  return new Promise((resolve, reject) => {
    const fail = (why: string, cause?: unknown) => {
      socket.destroy();
      reject(
        new ServerError("handshake-failed", `no TLS handshake with the own port ${port}: ${why}`, { cause }),
      );
    };
    const socket = connect(options, () => {
      const shown = socket.getPeerX509Certificate()?.fingerprint256;
      if (shown !== fingerprint) return fail("it shows another certificate than the one in use");
      socket.end();
      socket.destroySoon();
      resolve();
    });
    socket.once("error", (error) => fail(error.message, error));
    socket.once("timeout", () => fail("it does not answer"));
  });
}
