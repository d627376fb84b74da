/** Rows of one strip or tile as they are unpacked: what the predictor and the numbers are read by. */
export interface Rows {
  readonly bytes: Uint8Array;
  /** Numbers of a row, over all its channels. */
  readonly perRow: number;
  readonly channels: number;
  readonly bits: number;
  readonly isLittle: boolean;
}

/**
 * Takes back what TIFF's predictors did (TIFF 6.0, section 14; Adobe's technical note 3), in place.
 * @param predictor 1 none, 2 differences of neighbors, 3 the same of floating-point numbers, byte by byte
 * @returns the rows; numbers of predictor 3 have their highest byte first
 */
export function withoutPredictor(rows: Rows, predictor: number): Rows {
  if (predictor === 1) return rows;
  const rowBytes = (rows.perRow * rows.bits) / 8;
  for (let start = 0; start < rows.bytes.length; start += rowBytes) {
    const row = rows.bytes.subarray(start, start + rowBytes);
    if (predictor === 2) addNeighbors(row, rows);
    else joinFloats(row, rows);
  }
  return predictor === 3 ? { ...rows, isLittle: false } : rows;
}

function addNeighbors(row: Uint8Array, { perRow, channels, bits, isLittle }: Rows): void {
  const view = new DataView(row.buffer, row.byteOffset, row.length);
  for (let i = channels; i < perRow; i++) {
    const before = i - channels;
    switch (bits) {
      case 8:
        row[i] = (row[i] ?? 0) + (row[before] ?? 0);
        break;
      case 16:
        view.setUint16(2 * i, view.getUint16(2 * i, isLittle) + view.getUint16(2 * before, isLittle), isLittle);
        break;
      case 32:
        view.setUint32(4 * i, view.getUint32(4 * i, isLittle) + view.getUint32(4 * before, isLittle), isLittle);
        break;
      default:
        view.setBigUint64(
          8 * i,
          view.getBigUint64(8 * i, isLittle) + view.getBigUint64(8 * before, isLittle),
          isLittle,
        );
    }
  }
}

function joinFloats(row: Uint8Array, { perRow, channels, bits }: Rows): void {
  for (let i = channels; i < row.length; i++) row[i] = (row[i] ?? 0) + (row[i - channels] ?? 0);
  const apart = row.slice();
  const size = bits / 8;
  for (let i = 0; i < perRow; i++) {
    for (let byte = 0; byte < size; byte++) row[i * size + byte] = apart[byte * perRow + i] ?? 0;
  }
}
