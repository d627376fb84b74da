/** A number of bytes for people: powers of ten, as hubs and disks write them. */
export function formatBytes(amount: number): string {
  return amount >= 1e9 ? `${(amount / 1e9).toFixed(2)} GB` : `${(amount / 1e6).toFixed(1)} MB`;
}
