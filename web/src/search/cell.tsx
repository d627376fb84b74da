import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { captionOf, sourceOf } from '../shared/figure-text';
import { isPlainKey } from '../shared/keys';
import { FigureLink } from '../shared/place-link';
import { placeOf } from '../shared/place-of';
import { useWhere, WhereButton } from '../shared/where';
import { text } from '../text';
import { EvidenceMenu, evidenceInWords } from './evidence';
import type { Hit, ShownFigure } from './queries';
import type { QueryKind } from './query';
import { Snippet } from './snippet';

/** A figure in the grid; outside a search it is no hit of anything. */
export type GridItem = Hit | (Partial<Omit<Hit, 'figure'>> & { readonly figure: ShownFigure });

/** What can be done with a figure in a grid. */
export interface CellActions {
  readonly onOpen: (figureId: string) => void;
  /** Adds it to the query, with the sign of the weight. */
  readonly onUse: (figureId: string, weight: 1 | -1) => void;
  readonly selected: ReadonlySet<string>;
  readonly onSelect: (figureId: string) => void;
  /** The figure that was open before. */
  readonly openedId: string | null;
  /** Keys beside the usual ones, each with what it does to the figure in focus. */
  readonly keys?: Readonly<Record<string, (figureId: string) => void>>;
  /** What stands below a figure in place of its source. */
  readonly below?: (figureId: string) => JSX.Element | null;
}

interface CellProps {
  readonly hit: GridItem;
  readonly width: number;
  readonly height: number;
  /** From 1. */
  readonly position: number;
  readonly queryKind: QueryKind;
  /** Whether Tab reaches it. */
  readonly isCurrent: boolean;
  readonly takesFocus: boolean;
  readonly onFocus: () => void;
  readonly actions: CellActions;
}

export function Cell(props: CellProps) {
  const { hit, width, height, position, queryKind, isCurrent, actions } = props;
  const { figure } = hit;
  const link = useFocusable(props.takesFocus);
  const words = captionOf(figure);
  const where = useWhere(hit.heatmapUrl ?? null, hit.panel && placeOf(hit.panel.box, figure));
  const isSelected = actions.selected.has(figure.id);
  const keys: CellActions['keys'] = {
    h: where.toggle,
    s: () => {
      actions.onUse(figure.id, 1);
    },
    x: () => {
      actions.onSelect(figure.id);
    },
  };
  return (
    <div
      class={isSelected ? 'grid-cell selected' : 'grid-cell'}
      role="listitem"
      aria-posinset={position}
      style={{ width }}
      onFocus={props.onFocus}
    >
      <FigureLink
        class="cell"
        figureId={figure.id}
        onOpen={actions.onOpen}
        linkRef={link}
        tabIndex={isCurrent ? 0 : -1}
        onKeyDown={(event) => {
          const act = isPlainKey(event) ? (keys[event.key] ?? actions.keys?.[event.key]) : undefined;
          if (act === undefined) return;
          event.preventDefault();
          act(figure.id);
        }}
      >
        <span class="frame" style={{ height }}>
          {/* The caption stands below it: read once is enough. */}
          <img
            src={figure.imageUrl}
            srcset={sizesOf(figure)}
            sizes={`${width}px`}
            alt=""
            width={width}
            height={height}
            loading="lazy"
            draggable={false}
          />
          {where.overlay}
        </span>
        <span class="caption">{hit.snippet == null ? words : <Snippet snippet={hit.snippet} />}</span>
      </FigureLink>
      {actions.below === undefined ? (
        <Below hit={hit} queryKind={queryKind} isReachable={isCurrent} />
      ) : (
        <span class="evidence">{actions.below(figure.id)}</span>
      )}
      <span class="cell-actions">
        {where.canShow && (
          <WhereButton where={where} isReachable={isCurrent}>
            {text.results.where}
          </WhereButton>
        )}
        <UseButtons figureId={figure.id} isReachable={isCurrent} onUse={actions.onUse} />
      </span>
      <input
        type="checkbox"
        class="cell-select"
        title={text.results.select}
        aria-label={text.results.select}
        tabIndex={isCurrent ? 0 : -1}
        checked={isSelected}
        onChange={() => {
          actions.onSelect(figure.id);
        }}
      />
    </div>
  );
}

/** Takes the focus when it should, without scrolling: the row was brought into view already. */
function useFocusable(takesFocus: boolean) {
  const link = useRef<HTMLAnchorElement>(null);
  useEffect(() => {
    if (takesFocus) link.current?.focus({ preventScroll: true });
  }, [takesFocus]);
  return link;
}

function Below({
  hit,
  queryKind,
  isReachable,
}: Pick<CellProps, 'hit' | 'queryKind'> & { readonly isReachable: boolean }) {
  const copies = hit.duplicates?.length ?? 0;
  return (
    <span class="evidence">
      <span class="clamped">
        {hit.panel?.label != null && <strong>{text.evidence.panel(hit.panel.label)} · </strong>}
        {copies > 0 && <strong>{text.evidence.copies(copies)} · </strong>}
        {hit.evidence === undefined ? sourceOf(hit.figure) : evidenceInWords({ hit, queryKind })}
      </span>
      {hit.evidence !== undefined && <EvidenceMenu hit={hit} queryKind={queryKind} isReachable={isReachable} />}
    </span>
  );
}

interface UseButtonsProps {
  readonly figureId: string;
  readonly isReachable: boolean;
  readonly onUse: CellActions['onUse'];
}

function UseButtons({ figureId, isReachable, onUse }: UseButtonsProps) {
  const buttons = [
    ['+', text.results.moreLike, 1],
    ['−', text.results.lessLike, -1],
  ] as const;
  return (
    <>
      {buttons.map(([sign, label, weight]) => (
        <button
          type="button"
          key={sign}
          title={label}
          aria-label={label}
          tabIndex={isReachable ? 0 : -1}
          onClick={() => {
            onUse(figureId, weight);
          }}
        >
          {sign}
        </button>
      ))}
    </>
  );
}

/** The browser takes the smaller one where it is as sharp: a screen full of decoded images takes less than half the memory. */
function sizesOf({ width, height, imageUrl, smallImageUrl }: Hit['figure']): string {
  const widthAt = (longest: number): number => Math.round(width * Math.min(1, longest / Math.max(width, height)));
  return `${smallImageUrl} ${widthAt(320)}w, ${imageUrl} ${widthAt(480)}w`;
}
