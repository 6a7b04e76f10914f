import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";

/**
 * Answers what is not HTTP, or came too slowly or too large to be a request, and closes the connection: in plain text
 * and as far as the socket still takes it.
 */
export function answerClientError(error: Error & { code?: string }, socket: Socket): void {
  // Who has not shaken hands cannot read an answer.
  if (error.code === "ECONNRESET" || error.code === "ERR_TLS_HANDSHAKE_TIMEOUT" || !socket.writable) {
    socket.destroy();
    return;
  }
  const status = statusOf(error.code);
  const text = `${STATUS_CODES[status]}\n`;
  const head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Type: text/plain; charset=utf-8`;
  socket.end(`${head}\r\nContent-Length: ${text.length}\r\nConnection: close\r\n\r\n${text}`);
  // A client that does not take the answer must not keep the socket.
  socket.setTimeout(1000, () => socket.destroy());
}

function statusOf(code: string | undefined): 400 | 408 | 431 {
  if (code === "ERR_HTTP_REQUEST_TIMEOUT") return 408;
  return code === "HPE_HEADER_OVERFLOW" ? 431 : 400;
}
