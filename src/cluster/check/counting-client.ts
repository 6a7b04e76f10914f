import type { ApiClient } from "../api-client.js";

/** A client that counts its requests: what the check costs the API server is part of its answer. */
export function countingClient(client: ApiClient): {
  readonly client: ApiClient;
  readonly count: () => number;
} {
  let count = 0;
  return {
    count: () => count,
    client: {
      ...client,
      get: (...args) => {
        count++;
        return client.get(...args);
      },
      stream: (...args) => {
        count++;
        return client.stream(...args);
      },
      write: (...args) => {
        count++;
        return client.write(...args);
      },
    },
  };
}
