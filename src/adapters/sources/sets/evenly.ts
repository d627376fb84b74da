/**
 * Whether a record is one of `limit` that are spread evenly over `total`: the same ones each time, and as many from each
 * stretch of the set. Nothing has to be held to decide it.
 * @param place of the record, from 0
 * @param limit null for all
 */
export function isTaken(place: number, total: number, limit: number | null): boolean {
  if (limit === null || limit >= total) return true;
  return Math.floor(((place + 1) * limit) / total) > Math.floor((place * limit) / total);
}
