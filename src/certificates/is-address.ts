/** Tells whether a name has the look of an IP address; a DNS name has neither a colon nor four numbers. */
export function isAddress(name: string): boolean {
  return name.includes(":") || /^\d+(\.\d+){3}$/.test(name);
}
