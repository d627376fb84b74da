/** What docs/atlas.md says of the binary answer, read by other code than what writes it. */
export interface ReadPoints {
  readonly header: {
    readonly generation: string;
    readonly count: number;
    readonly total: number;
    readonly modalities: readonly string[];
    readonly labels: readonly string[];
    readonly collections: readonly string[];
    readonly clusters: readonly { readonly words: readonly string[]; readonly count: number }[];
  };
  readonly points: readonly {
    readonly id: string;
    readonly x: number;
    readonly y: number;
    readonly modality: string | null;
    readonly label: string | null;
    readonly collectionId: string | null;
    readonly year: number | null;
    readonly cluster: number | null;
  }[];
}

export function readPoints(file: Buffer): ReadPoints {
  if (file.toString('latin1', 0, 8) !== 'FSATLAS1') throw new Error('It is no map');
  const from = 12 + file.readUInt32LE(8);
  const header = JSON.parse(file.toString('utf8', 12, from)) as ReadPoints['header'];
  const { count } = header;
  const number = (column: number, row: number): number =>
    file.readUInt16LE(from + 8 * count + 2 * (column * count + row));
  const textOf = (values: readonly string[], code: number): string | null => values[code] ?? null;
  const points = Array.from({ length: count }, (_, row) => {
    const idAt = from + 18 * count + 12 * row;
    const [year, cluster] = [number(3, row), number(4, row)];
    return {
      id: `fig_${file.toString('hex', idAt, idAt + 12)}`,
      x: file.readFloatLE(from + 4 * row),
      y: file.readFloatLE(from + 4 * count + 4 * row),
      modality: textOf(header.modalities, number(0, row)),
      label: textOf(header.labels, number(1, row)),
      collectionId: textOf(header.collections, number(2, row)),
      year: year === 0 ? null : year,
      cluster: cluster === 0xffff ? null : cluster,
    };
  });
  if (file.length !== from + 30 * count) throw new Error('It has another length');
  return { header, points };
}
