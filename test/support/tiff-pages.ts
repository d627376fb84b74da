import { writeTiff, type TiffParts } from './tiff-writer.js';

/**
 * A TIFF of several pages: single ones behind each other, whose offsets are moved and whose directories are joined.
 * @param isCircle the last page names the first as the next one
 */
export function joinPages(pages: readonly TiffParts[], isCircle = false): Buffer {
  const { isBig = false, isLittle = true } = pages[0] ?? {};
  const [headerSize, entrySize, inline, countSize] = isBig ? [16, 20, 8, 8] : [8, 12, 4, 2];
  const files: Buffer[] = [];
  const nexts: number[] = [];
  const directories: number[] = [];
  let start = 0;
  for (const one of pages) {
    const file = writeTiff(one);
    const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
    const get = (at: number) => (isBig ? Number(view.getBigUint64(at, isLittle)) : view.getUint32(at, isLittle));
    const put = (at: number, value: number) => {
      if (isBig) view.setBigUint64(at, BigInt(value), isLittle);
      else view.setUint32(at, value, isLittle);
    };
    const directory = get(headerSize - inline);
    const count = isBig ? get(directory) : view.getUint16(directory, isLittle);
    for (let entry = 0; entry < count; entry++) {
      const at = directory + countSize + entry * entrySize;
      const [id, type, values] = [view.getUint16(at, isLittle), view.getUint16(at + 2, isLittle), get(at + 4)];
      const bytes = values * ({ 3: 2, 4: 4, 16: 8 }[type] ?? 1);
      const valueAt = at + 4 + inline;
      const isFar = bytes > inline;
      const place = isFar ? get(valueAt) : valueAt;
      if (id === 273 || id === 324) {
        for (let i = 0; i < values; i++) put(place + i * inline, get(place + i * inline) + start);
      }
      if (isFar) put(valueAt, place + start);
    }
    files.push(file);
    directories.push(directory + start);
    nexts.push(start + directory + countSize + count * entrySize);
    start += file.length;
  }
  const whole = Buffer.concat(files);
  const view = new DataView(whole.buffer, whole.byteOffset, whole.byteLength);
  nexts.forEach((at, page) => {
    const next = directories[page + 1] ?? (isCircle ? directories[0] : 0) ?? 0;
    if (isBig) view.setBigUint64(at, BigInt(next), isLittle);
    else view.setUint32(at, next, isLittle);
  });
  return whole;
}
