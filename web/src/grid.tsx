import { useEffect, useRef, useState } from 'preact/hooks';
import type { Hit, ShownFigure } from './client';
import { placeOf } from './place-of';
import { evidenceInWords } from './evidence';
import { justify } from './justify';
import { useWhere, WhereButton } from './relevance-overlay';

const gap = 8;

/** A figure in the grid; outside a search it is no hit of anything. */
type GridItem = Hit | (Partial<Omit<Hit, 'figure'>> & { readonly figure: ShownFigure });

interface GridProps {
  readonly hits: readonly GridItem[];
  readonly onOpen: (figureId: string) => void;
}

/** Figures in justified rows, at their own shape; arrows move, Enter opens, h shows where. */
export function Grid({ hits, onOpen }: GridProps) {
  const box = useRef<HTMLUListElement>(null);
  const width = useWidth(box);
  const ratios = hits.map(({ figure }) => figure.width / figure.height);
  const places = width === 0 ? [] : justify(ratios, width, width < 600 ? 150 : 210, gap);
  return (
    <ul class="grid" ref={box} onKeyDown={moveByArrows}>
      {places.map((place, index) => {
        const hit = hits[index];
        return hit === undefined ? null : (
          <Cell key={hit.figure.id} hit={hit} width={place.width} height={place.height} onOpen={onOpen} />
        );
      })}
    </ul>
  );
}

interface CellProps {
  readonly hit: GridItem;
  readonly width: number;
  readonly height: number;
  readonly onOpen: (figureId: string) => void;
}

function Cell({ hit, width, height, onOpen }: CellProps) {
  const { figure } = hit;
  const text = figure.caption === '' ? figure.labels.join(', ') : figure.caption;
  const where = useWhere(hit.heatmapUrl ?? null, hit.panel && placeOf(hit.panel.box, figure));
  const why = hit.evidence === undefined ? sourceOf(figure) : evidenceInWords(hit.evidence);
  return (
    <li style={{ width }}>
      <button
        type="button"
        class="cell"
        title={why}
        onClick={() => {
          onOpen(figure.id);
        }}
        onKeyDown={({ key, ctrlKey, metaKey, altKey }) => {
          if (key === 'h' && !ctrlKey && !metaKey && !altKey) where.toggle();
        }}
      >
        <span class="frame">
          <img src={figure.imageUrl} alt={text} width={width} height={height} loading="lazy" />
          {where.overlay}
        </span>
        <span class="caption">{text}</span>
        <span class="evidence">
          {hit.panel?.label != null && <strong>panel {hit.panel.label} · </strong>}
          {hit.duplicates !== undefined && hit.duplicates.length > 0 && (
            <strong>+{hit.duplicates.length} with the same picture · </strong>
          )}
          {why}
        </span>
      </button>
      {where.canShow && <WhereButton where={where}>where?</WhereButton>}
    </li>
  );
}

/** Where a figure comes from: “2019 · Title of the article”. */
function sourceOf({ article, label }: ShownFigure): string {
  return [article?.year, article?.title ?? label].filter(Boolean).join(' · ');
}

function useWidth(box: { readonly current: HTMLElement | null }): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => {
      setWidth(element.clientWidth);
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
    };
  }, []);
  return width;
}

function moveByArrows(event: KeyboardEvent & { readonly currentTarget: HTMLElement }): void {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (step === undefined) return;
  const cells = [...event.currentTarget.querySelectorAll<HTMLElement>('.cell')];
  const now = cells.findIndex((cell) => cell === document.activeElement);
  cells[now + step]?.focus();
  event.preventDefault();
}
