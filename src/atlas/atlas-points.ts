import { evenlyChosen } from '../domain/evenly-chosen.js';
import { noCluster, type Atlas, type AtlasCluster } from '../domain/atlas.js';
import type { FigureSet } from '../domain/figure-scope.js';
import type { FigureId } from '../domain/ids.js';
import type { PanelDirectory } from '../ports/panel-directory.js';
import { noValue, type CodedColumn, type FigureColumns } from './figure-columns.js';

/** Most points of an answer; of more, as many are given, spread evenly. */
const maxPoints = 500_000;

/** Most points that one GraphQL answer lists; the binary answer has no need of pages. */
export const maxListedPoints = 5000;
export const usualListedPoints = 1000;

/** Figures on a map, as parallel columns. */
export interface AtlasColumns {
  /** Places in the map's own order, ascending: a point keeps its own as long as the map is served. */
  readonly rows: Uint32Array;
  readonly figureIds: readonly FigureId[];
  /** 0..1. */
  readonly x: Float32Array;
  readonly y: Float32Array;
  /** The place in `clusters`; `noCluster` for none. */
  readonly cluster: Uint16Array;
  readonly modality: CodedColumn;
  readonly label: CodedColumn;
  /** Ids of collections. */
  readonly collection: CodedColumn;
  /** 0 where it is not known. */
  readonly year: Uint16Array;
  /** All clusters of the map; the count is that of the points given. */
  readonly clusters: readonly AtlasCluster[];
  /** Figures on the map that may be shown, also those beyond `maxPoints`. */
  readonly total: number;
}

export const emptyColumns: AtlasColumns = {
  ...{
    rows: new Uint32Array(),
    figureIds: [],
    x: new Float32Array(),
    y: new Float32Array(),
    cluster: new Uint16Array(),
  },
  ...{ modality: emptyColumn(), label: emptyColumn(), collection: emptyColumn() },
  ...{ year: new Uint16Array(), clusters: [], total: 0 },
};

/** Which figures of a map are shown. */
export interface ShownFigures {
  /** Null: all that a set of ids does not leave out. */
  readonly allowed: FigureSet | null;
  /** Null: all. */
  readonly ids: ReadonlySet<string> | null;
}

/** The points of figures that exist and may be shown. */
export function selectPoints(
  atlas: Atlas,
  panels: Pick<PanelDirectory, 'figureOf'>,
  columns: FigureColumns,
  { allowed, ids }: ShownFigures,
): AtlasColumns {
  const rows: number[] = [];
  const figures: number[] = [];
  atlas.panels.forEach((panel, row) => {
    const figure = panels.figureOf(panel);
    const id = figure === 0 ? null : columns.idOf(figure);
    if (id === null || allowed?.has(figure) === false || ids?.has(id) === false) return;
    rows.push(row);
    figures.push(figure);
  });
  return columnsOf(
    atlas,
    columns,
    evenlyChosen(rows.length, maxPoints).map((at) => ({ row: rows[at] ?? 0, figure: figures[at] ?? 0 })),
    rows.length,
  );
}

function columnsOf(
  atlas: Atlas,
  columns: FigureColumns,
  points: readonly { readonly row: number; readonly figure: number }[],
  total: number,
): AtlasColumns {
  const coded = ({ codes, values }: CodedColumn): CodedColumn => ({
    codes: Uint16Array.from(points, ({ figure }) => codes[figure] ?? noValue),
    values,
  });
  const cluster = Uint16Array.from(points, ({ row }) => atlas.cluster[row] ?? noCluster);
  const counts = atlas.clusters.map(() => 0);
  for (const number of cluster) if (number !== noCluster) counts[number] = (counts[number] ?? 0) + 1;
  return {
    rows: Uint32Array.from(points, ({ row }) => row),
    figureIds: points.flatMap(({ figure }) => columns.idOf(figure) ?? []),
    x: Float32Array.from(points, ({ row }) => atlas.x[row] ?? 0),
    y: Float32Array.from(points, ({ row }) => atlas.y[row] ?? 0),
    cluster,
    ...{ modality: coded(columns.modality), label: coded(columns.label), collection: coded(columns.collection) },
    year: Uint16Array.from(points, ({ figure }) => columns.year[figure] ?? 0),
    clusters: atlas.clusters.map((one, number) => ({ ...one, count: counts[number] ?? 0 })),
    total,
  };
}

function emptyColumn(): CodedColumn {
  return { codes: new Uint16Array(), values: [] };
}
