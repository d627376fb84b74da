const [comma, zero] = [44, 48];

/**
 * Whole numbers with commas between them, as `group_concat` gives them; null for none. Read by their digits: to cut a text of a
 * million numbers into parts would hold up the event loop ten times as long.
 */
export function toNumbers(list: string | null): Uint32Array {
  if (list === null || list === '') return new Uint32Array(0);
  let count = 1;
  for (let at = list.indexOf(','); at >= 0; at = list.indexOf(',', at + 1)) count++;
  const numbers = new Uint32Array(count);
  let [place, number] = [0, 0];
  for (let at = 0; at < list.length; at++) {
    const code = list.charCodeAt(at);
    if (code === comma) {
      numbers[place++] = number;
      number = 0;
    } else number = number * 10 + code - zero;
  }
  numbers[place] = number;
  return numbers;
}
