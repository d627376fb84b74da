/** A count with its noun: “1 page”, “3 pages”. @param plural default: with an s */
export function numbered(count: number, noun: string, plural = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : plural}`;
}
