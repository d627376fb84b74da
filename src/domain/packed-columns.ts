/**
 * A file of numbers: a mark of eight characters, the length of the header as uint32 (little-endian, as all numbers), the header
 * as JSON, padded with blanks to a multiple of four, so that the columns behind it lie as typed arrays need, then the columns.
 * @param mark eight ASCII characters
 */
export function packColumns(mark: string, header: object, columns: readonly ArrayBufferView[]): Buffer {
  const text = Buffer.from(JSON.stringify(header));
  const padded = Buffer.alloc(Math.ceil(text.length / 4) * 4, ' ');
  text.copy(padded);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(padded.length);
  return Buffer.concat([Buffer.from(mark, 'latin1'), length, padded, ...columns.map(bytesOf)]);
}

/** The bytes of a typed array, without a copy. */
export function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
