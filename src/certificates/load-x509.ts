/** The X.509 library, which writes certificates; Node itself only reads them. */
export type X509Library = typeof import("@peculiar/x509");

/**
 * Loads the X.509 library when a certificate is to be made. A server whose certificate comes from files never needs
 * it, and it would cost start-up time and memory. `reflect-metadata` must be there before it is.
 */
export async function loadX509(): Promise<X509Library> {
  await import("reflect-metadata");
  return import("@peculiar/x509");
}
