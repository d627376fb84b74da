/** Numbers with commas between them, as `group_concat` gives them; null for none. */
export function toNumbers(list: string | null): Uint32Array {
  return list === null ? new Uint32Array(0) : Uint32Array.from(list.split(','), Number);
}
