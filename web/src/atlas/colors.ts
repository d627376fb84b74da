import { none, type AtlasPoints, type CodedColumn } from './points';

/** What points are colored by. */
export type ColorBy = 'modality' | 'label' | 'year' | 'collection';
export const colorBys: readonly ColorBy[] = ['modality', 'label', 'year', 'collection'];

/** A color with its meaning. `key` names it for a choice in the legend. */
export interface LegendEntry {
  readonly key: string;
  /** A value of the column; null where it stands for other values, or for none. */
  readonly value: string | null;
  readonly kind: 'value' | 'other' | 'none';
  readonly color: string;
  readonly count: number;
}

export interface Coloring {
  /** uint8 [count, 4]. */
  readonly colors: Uint8Array;
  readonly entries: readonly LegendEntry[];
}

export interface ColoringOptions {
  readonly by: ColorBy;
  readonly isDark: boolean;
  /** Only these are in full color: those of an entry of the legend, or what a lasso took. */
  readonly chosen: string | null;
  readonly selected: ReadonlySet<number>;
  /** Only these are in full color; null: all. */
  readonly hits: ReadonlySet<number> | null;
}

/** Told apart also with color blindness (Observable 10), legible on light and dark. */
const palette = ['#4269d0', '#efb118', '#ff725c', '#3ca951', '#a463f2', '#6cc5b0', '#ff8ab7', '#9c6b4e', '#97bbf5'];
const otherColor = { light: '#8b919b', dark: '#8b919b' };
const noneColor = { light: '#c3c7ce', dark: '#4b5058' };
/** From the earliest to the latest years; the contrast to the paper grows. */
const yearRamp = {
  light: ['#a9cdea', '#6aa6d6', '#3a7fbf', '#1d5a9c', '#0b3570'],
  dark: ['#25476e', '#3a6da3', '#5c97d3', '#93c3f3', '#dbeeff'],
};
const faded = 0.12;

export function colorPoints(points: AtlasPoints, options: ColoringOptions): Coloring {
  const { codes, entries } = options.by === 'year' ? classesOfYears(points, options) : classesOf(points, options);
  const rgb = entries.map(({ color }) => parseColor(color));
  const isChosen = entries.map(({ key }) => options.chosen === null || key === options.chosen);
  const opacity = points.count > 20_000 ? 0.75 : 0.9;
  const colors = new Uint8Array(4 * points.count);
  codes.forEach((code, row) => {
    const isFull =
      (isChosen[code] ?? true) &&
      (options.selected.size === 0 || options.selected.has(row)) &&
      options.hits?.has(row) !== false;
    colors.set(rgb[code] ?? [0, 0, 0], 4 * row);
    colors[4 * row + 3] = Math.round(255 * (isFull ? opacity : faded));
  });
  return { colors, entries };
}

interface Classes {
  /** The entry of each point. */
  readonly codes: Uint8Array;
  readonly entries: readonly LegendEntry[];
}

/** The most frequent values have colors of their own. */
function classesOf(points: AtlasPoints, { by, isDark }: ColoringOptions): Classes {
  const column: CodedColumn = points[by as Exclude<ColorBy, 'year'>];
  const counts = column.values.map(() => 0);
  for (const code of column.codes) if (code !== none) counts[code] = (counts[code] ?? 0) + 1;
  const ranked = [...counts.keys()].filter((code) => (counts[code] ?? 0) > 0);
  ranked.sort((a, b) => (counts[b] ?? 0) - (counts[a] ?? 0));
  const own = ranked.slice(0, palette.length);
  const entryOf = new Map(own.map((code, at) => [code, at]));
  const theme = isDark ? 'dark' : 'light';
  const codes = Uint8Array.from(column.codes, (code) =>
    code === none ? own.length + 1 : (entryOf.get(code) ?? own.length),
  );
  const named = own.map((code, at): LegendEntry => {
    const value = column.values[code] ?? '';
    return {
      key: `=${value}`,
      value,
      kind: 'value',
      color: palette[at] ?? otherColor[theme],
      count: counts[code] ?? 0,
    };
  });
  const countOf = (entry: number): number => codes.reduce((sum, code) => sum + (code === entry ? 1 : 0), 0);
  const rest = [
    { key: 'other', value: null, kind: 'other', color: otherColor[theme], count: countOf(own.length) },
    { key: 'none', value: null, kind: 'none', color: noneColor[theme], count: countOf(own.length + 1) },
  ] as const;
  return { codes, entries: [...named, ...rest] };
}

/** Years in as many steps as the ramp has. */
function classesOfYears({ year }: AtlasPoints, { isDark }: ColoringOptions): Classes {
  const ramp = yearRamp[isDark ? 'dark' : 'light'];
  const known = year.filter((one) => one > 0);
  const first = known.reduce((least, one) => Math.min(least, one), Infinity);
  const last = known.reduce((most, one) => Math.max(most, one), -Infinity);
  const perStep = Math.max(1, Math.ceil((last - first + 1) / ramp.length));
  const codes = Uint8Array.from(year, (one) => (one === 0 ? ramp.length : Math.floor((one - first) / perStep)));
  const counts = new Uint32Array(ramp.length + 1);
  for (const code of codes) counts[code] = (counts[code] ?? 0) + 1;
  const steps = ramp.map((color, step): LegendEntry => {
    const from = first + step * perStep;
    const to = Math.min(last, from + perStep - 1);
    const value = from === to ? String(from) : `${from}–${to}`;
    return { key: `=${value}`, value, kind: 'value', color, count: counts[step] ?? 0 };
  });
  const color = noneColor[isDark ? 'dark' : 'light'];
  const rest = { key: 'none', value: null, kind: 'none', color, count: counts[ramp.length] ?? 0 } as const;
  return { codes, entries: [...steps, rest] };
}

function parseColor(color: string): readonly [number, number, number] {
  const part = (at: number): number => Number.parseInt(color.slice(at, at + 2), 16);
  return [part(1), part(3), part(5)];
}
