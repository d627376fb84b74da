import type { CacheSnapshot, WindowVirtualizerHandle } from 'virtua';
import { WindowVirtualizer } from 'virtua';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { text } from '../text';
import { Cell, type CellActions, type GridItem } from './cell';
import { extendRows, noRows, type GridRow } from './grid-rows';
import type { QueryKind } from './query';
import { useExtent } from '../shared/use-extent';

interface GridProps {
  readonly hits: readonly GridItem[];
  /** How many of them match: a line stands behind them. Null: no line. */
  readonly matching?: number | null;
  readonly queryKind?: QueryKind;
  /** Under which the sizes of the rows are kept, so that who comes back finds the same place. */
  readonly name: string;
  readonly actions: CellActions;
}

/** Sizes of rows by the name of their grid, the latest last. */
const keptSizes = new Map<string, { readonly width: number; readonly rows: number; readonly cache: CacheSnapshot }>();
const maxKept = 10;

/** Below the picture: two lines of caption, two of evidence, and the distance to the next row. Set in search.css. */
const textHeight = 86;

/**
 * Figures in justified rows, at their own shape. Only the rows near the visible part of the page exist.
 * Arrows, Home and End move; Enter opens; other keys act on the figure in focus (`Cell`).
 */
export function Grid({ hits, matching = null, queryKind = 'image', name, actions }: GridProps) {
  const box = useRef<HTMLDivElement>(null);
  const list = useRef<WindowVirtualizerHandle>(null);
  const width = useExtent(box, 'clientWidth');
  const latest = useRef(noRows);
  const { rows } = useMemo(() => {
    latest.current = extendRows(latest.current, hits, matching, width);
    return latest.current;
  }, [hits, matching, width]);
  const focus = useFocus({ hits, rows, name, openedId: actions.openedId }, (index, row) => {
    list.current?.scrollToIndex(row, { align: 'nearest' });
    const cell = box.current?.querySelector<HTMLElement>(`[aria-posinset="${index + 1}"] .cell`);
    cell?.focus({ preventScroll: true });
    return cell != null;
  });
  /** The one figure that Tab reaches exists no more when it is scrolled away: then it is the first one in view. */
  const keepReachable = (): void => {
    const cells = [...(box.current?.querySelectorAll('[aria-posinset]') ?? [])];
    const positions = cells.map((cell) => Number(cell.getAttribute('aria-posinset')));
    if (positions.includes(focus.current + 1)) return;
    const seen = cells.findIndex((cell) => cell.getBoundingClientRect().top >= 0);
    const position = positions[Math.max(0, seen)];
    if (position !== undefined) focus.onFocus(position - 1);
  };
  const kept = keptSizes.get(name);
  const isKept = kept?.width === width && kept.rows === rows.length;
  useEffect(
    () => () => {
      if (list.current === null) return;
      keptSizes.delete(name);
      keptSizes.set(name, { width, rows: rows.length, cache: list.current.cache });
      const [oldest] = keptSizes.keys();
      if (keptSizes.size > maxKept && oldest !== undefined) keptSizes.delete(oldest);
    },
    [name, width, rows.length],
  );
  return (
    <div class="grid" role="list" ref={box} onKeyDown={focus.onKeyDown}>
      {width > 0 && (
        <WindowVirtualizer
          ref={list}
          data={rows}
          bufferSize={600}
          onScrollEnd={keepReachable}
          {...(isKept ? { cache: kept.cache } : {})}
          itemSize={(rows[0]?.height ?? 200) + textHeight}
        >
          {(row: GridRow) => (
            <Row key={row.key} row={row} hits={hits} queryKind={queryKind} focus={focus} actions={actions} />
          )}
        </WindowVirtualizer>
      )}
    </div>
  );
}

/** Gives the focus to the one figure of the page's grid that Tab reaches, where what had it before is gone. */
export function focusGrid(): void {
  document.querySelector<HTMLElement>('main .cell[tabindex="0"]')?.focus({ preventScroll: true });
}

interface RowProps extends Pick<GridProps, 'hits' | 'actions'> {
  readonly row: GridRow;
  readonly queryKind: QueryKind;
  readonly focus: GridFocus;
}

function Row({ row, hits, queryKind, focus, actions }: RowProps) {
  if (row.kind === 'line') return <p class="quiet match-line">{text.results.matchLine}</p>;
  return (
    <div class="grid-row" role="presentation">
      {row.places.map(({ index, width }) => {
        const hit = hits[index];
        return hit === undefined ? null : (
          <Cell
            key={hit.figure.id}
            hit={hit}
            width={width}
            height={row.height}
            position={index + 1}
            queryKind={queryKind}
            isCurrent={index === focus.current}
            takesFocus={index === focus.wanted}
            onFocus={() => {
              focus.onFocus(index);
            }}
            actions={actions}
          />
        );
      })}
    </div>
  );
}

interface GridFocus {
  /** The one figure that Tab reaches. */
  readonly current: number;
  /** The figure that takes the focus as soon as it exists; null when none does. */
  readonly wanted: number | null;
  readonly onFocus: (index: number) => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}

interface FocusOptions extends Pick<GridProps, 'hits' | 'name'> {
  readonly rows: readonly GridRow[];
  /** The figure that was open before: it has the focus again. */
  readonly openedId: string | null;
}

/**
 * One stop for Tab in the whole grid; arrows move it.
 * @param show brings a figure, in a row, into view and gives it the focus; false where it does not exist yet
 */
function useFocus(
  { hits, rows, name, openedId }: FocusOptions,
  show: (index: number, row: number) => boolean,
): GridFocus {
  const [opened] = useState(() => hits.findIndex(({ figure }) => figure.id === openedId));
  const [current, setCurrent] = useState(Math.max(0, opened));
  const [wanted, setWanted] = useState<number | null>(opened < 0 ? null : opened);
  const before = useRef(name);
  useEffect(() => {
    if (before.current === name) return;
    before.current = name;
    setCurrent(0);
    setWanted(null);
  }, [name]);
  return {
    current: Math.min(current, Math.max(0, hits.length - 1)),
    wanted,
    onFocus: (index) => {
      setCurrent(index);
      setWanted(null);
    },
    onKeyDown: (event) => {
      if (!(event.target instanceof HTMLElement && event.target.matches('.cell'))) return;
      if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
      if (!moves.has(event.key)) return;
      // Also at the edge, where it moves nothing: the page has other uses for arrows.
      event.preventDefault();
      const next = neighborOf(event.key, current, rows, hits.length);
      if (next === null) return;
      const row = rows.findIndex(({ places }) => places.some(({ index }) => index === next));
      if (!show(next, row)) setWanted(next);
    },
  };
}

const moves: ReadonlySet<string> = new Set(['ArrowRight', 'ArrowLeft', 'ArrowUp', 'ArrowDown', 'Home', 'End']);

/** The figure that a key moves to; null at the edge. */
function neighborOf(key: string, from: number, rows: readonly GridRow[], count: number): number | null {
  const inside = (index: number): number | null => (index >= 0 && index < count ? index : null);
  switch (key) {
    case 'ArrowRight':
      return inside(from + 1);
    case 'ArrowLeft':
      return inside(from - 1);
    case 'Home':
      return inside(0);
    case 'End':
      return inside(count - 1);
    case 'ArrowDown':
      return nearestInRow(from, rows, 1);
    case 'ArrowUp':
      return nearestInRow(from, rows, -1);
    default:
      return null;
  }
}

/** The figure of the next row of figures whose middle is nearest. */
function nearestInRow(from: number, rows: readonly GridRow[], step: 1 | -1): number | null {
  const own = rows.findIndex(({ places }) => places.some(({ index }) => index === from));
  const middle = rows[own]?.places.find(({ index }) => index === from)?.middle ?? 0;
  for (let row = own + step; row >= 0 && row < rows.length; row += step) {
    const [nearest] = [...(rows[row]?.places ?? [])].sort(
      (one, other) => Math.abs(one.middle - middle) - Math.abs(other.middle - middle),
    );
    if (nearest !== undefined) return nearest.index;
  }
  return null;
}
