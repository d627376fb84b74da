import type { Estimate } from '../../evaluation/statistics.js';
import { html, type Markup } from './markup.js';

/** One of the series of a plot; its place decides its color and its mark. */
interface Series {
  readonly name: string;
}

interface PlotRow {
  readonly name: string;
  /** One for each series; null where there is none. */
  readonly estimates: readonly (Estimate | null)[];
  /** What a random order reaches; null where there is no such thing. */
  readonly chance: number | null;
}

/** Shares from 0 to 1, each with its interval, in rows. */
export interface IntervalPlot {
  readonly id: string;
  readonly title: string;
  /** What the horizontal axis shows. */
  readonly axis: string;
  readonly series: readonly Series[];
  readonly rows: readonly PlotRow[];
}

const [labelWidth, plotWidth, margin] = [210, 560, 24];
const [lineHeight, rowGap, top] = [15, 14, 34];
const ticks = [0, 0.25, 0.5, 0.75, 1];

/** A dot plot as inline SVG: a mark at each mean, a line over its 95 % interval, a dashed line at chance. */
export function intervalPlot({ id, title, axis, series, rows }: IntervalPlot): Markup {
  const rowHeight = series.length * lineHeight + rowGap;
  const height = top + rows.length * rowHeight + 44;
  const bottom = top + rows.length * rowHeight;
  const width = labelWidth + plotWidth + 2 * margin;
  return html`<figure>
    <figcaption id="${id}-title">${title}</figcaption>
    ${legend(
      series,
      rows.some((row) => row.chance !== null),
    )}
    <div class="scroll">
      <svg class="plot" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="${id}-title ${id}-text">
        <desc id="${id}-text">${describe(series, rows)}</desc>
        ${ticks.map((tick) => tickLine(tick, bottom))}
        ${rows.map((row, i) => plotRow(row, top + i * rowHeight, rowHeight))}
        <text class="axis" x="${place(0.5)}" y="${height - 6}" text-anchor="middle">${axis}</text>
      </svg>
    </div>
  </figure>`;
}

function place(share: number): number {
  return rounded(labelWidth + margin + share * plotWidth);
}

function tickLine(tick: number, bottom: number): Markup {
  const x = place(tick);
  return html`<line class="grid" x1="${x}" x2="${x}" y1="${top - 6}" y2="${bottom}" />
    <text class="tick" x="${x}" y="${top - 12}" text-anchor="middle">${100 * tick} %</text>
    <text class="tick" x="${x}" y="${bottom + 16}" text-anchor="middle">${100 * tick} %</text>`;
}

function plotRow({ name, estimates, chance }: PlotRow, y: number, height: number): Markup {
  const middle = y + height / 2;
  const marks = estimates.flatMap((estimate, i) =>
    estimate === null ? [] : [mark(estimate, i, y + rowGap / 2 + (i + 0.5) * lineHeight)],
  );
  return html`<line class="row" x1="0" x2="${place(1)}" y1="${y}" y2="${y}" />
    <text class="name" x="${labelWidth}" y="${middle + 4}" text-anchor="end">${name}</text>
    ${chance === null ? [] : chanceLine(place(chance), y + 3, y + height - 3)} ${marks}`;
}

function chanceLine(x: number, from: number, to: number): Markup {
  return html`<line class="chance" x1="${x}" x2="${x}" y1="${from}" y2="${to}" />`;
}

function mark({ mean, low, high }: Estimate, series: number, y: number): Markup {
  return html`<g class="series${series}">
    <line class="interval" x1="${place(low)}" x2="${place(high)}" y1="${y}" y2="${y}" />
    ${shape(series, place(mean), y)}
  </g>`;
}

/** Color alone would not tell the series apart for everybody, nor in print. */
function shape(series: number, x: number, y: number): Markup {
  const r = 5;
  const points = (list: readonly (readonly [number, number])[]): string =>
    list.map(([dx, dy]) => `${rounded(x + dx)},${rounded(y + dy)}`).join(' ');
  switch (series) {
    case 0:
      return html`<circle class="mark" cx="${x}" cy="${y}" r="${r}" />`;
    case 1:
      return html`<rect class="mark" x="${x - 4.5}" y="${y - 4.5}" width="9" height="9" />`;
    case 2:
      return html`<polygon
        class="mark"
        points="${points([
          [0, -6],
          [5.5, 4],
          [-5.5, 4],
        ])}"
      />`;
    default:
      return html`<polygon
        class="mark"
        points="${points([
          [0, -6],
          [6, 0],
          [0, 6],
          [-6, 0],
        ])}"
      />`;
  }
}

function legend(series: readonly Series[], hasChance: boolean): Markup {
  const entries = series.map(
    ({ name }, i) =>
      html`<span class="entry"
        ><svg class="key series${i}" viewBox="0 0 34 16" aria-hidden="true">
          <line class="interval" x1="2" x2="32" y1="8" y2="8" />
          ${shape(i, 17, 8)}</svg
        >${name}</span
      >`,
  );
  const chance = html`<span class="entry"
    ><svg class="key" viewBox="0 0 34 16" aria-hidden="true">
      <line class="chance" x1="17" x2="17" y1="0" y2="16" /></svg
    >a random order</span
  >`;
  return html`<p class="legend">${hasChance ? [...entries, chance] : entries}</p>`;
}

/** What the plot shows, for who cannot see it. */
function describe(series: readonly Series[], rows: readonly PlotRow[]): string {
  return rows
    .map(({ name, estimates, chance }) => {
      const shares = estimates.flatMap((estimate, i) =>
        estimate === null
          ? []
          : [
              `${series[i]?.name ?? ''} ${percent(estimate.mean)} (${percent(estimate.low)} to ${percent(estimate.high)})`,
            ],
      );
      const all = chance === null ? shares : [...shares, `a random order ${percent(chance)}`];
      return `${name}: ${all.join(', ')}.`;
    })
    .join(' ');
}

function percent(share: number): string {
  return `${(100 * share).toFixed(0)} %`;
}

function rounded(value: number): number {
  return Math.round(10 * value) / 10;
}
