import type { ComponentChildren } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { collectionNames } from '../collections/queries';
import type { PlaceTerm } from '../place';
import { useLoading } from '../shared/load';
import { AtlasList } from './atlas-list';
import { AtlasMap } from './atlas-map';
import { atlasText } from './atlas-text';
import { colorBys, colorPoints, type ColorBy } from './colors';
import { LassoSelection } from './lasso-selection';
import { Legend } from './legend';
import { inMapOrder } from './map-order';
import type { AtlasPoints } from './points';
import { useKept } from '../shared/use-kept';
import { useIsDark } from './use-theme';

interface MapBoardProps {
  readonly points: AtlasPoints;
  /** Names the map: what is seen of it is kept while it is the same. */
  readonly name: string;
  readonly onOpen: (figureId: string) => void;
  readonly onUse: (terms: readonly PlaceTerm[]) => void;
  /** The best hits of a search: the others are dimmed. Null: no search. */
  readonly hits: readonly string[] | null;
  /** Null where all of the map is shown. */
  readonly onShowAll: (() => void) | null;
  /** Null where there is no search. */
  readonly onShowResults: (() => void) | null;
  /** About the making of the map. */
  readonly children: ComponentChildren;
}

const nobody: readonly number[] = [];

/** The map with all that belongs to it: what it is colored by, the legend, the selection, and the same as a list. */
export function MapBoard(props: MapBoardProps) {
  const { points, name, hits, onOpen, onUse, onShowAll, onShowResults, children } = props;
  const [asked, setView] = useKept<'map' | 'list'>('shown as', 'map');
  const [isUnable, setUnable] = useState(false);
  const [by, setBy] = useKept<ColorBy>('color by', 'modality');
  const [chosen, setChosen] = useKept<string | null>(`entry ${name}`, null);
  const [isLasso, setLasso] = useState(false);
  const [selected, setSelected] = useKept<readonly number[]>(`selected ${name}`, nobody);
  const isDark = useIsDark();
  const rows = useMemo(() => new Set(selected), [selected]);
  const hitRows = useMemo(() => (hits === null ? null : points.rowsOf(hits)), [points, hits]);
  const { colors, entries } = useMemo(
    () => colorPoints(points, { by, isDark, chosen, selected: rows, hits: hitRows }),
    [points, by, isDark, chosen, rows, hitRows],
  );
  const ids = useMemo(() => inMapOrder(points, selected).map((row) => points.idOf(row)), [points, selected]);
  const nameOf = useCollectionNames(by === 'collection');
  const view = isUnable ? 'list' : asked;
  const isEmpty = points.count === 0;
  return (
    <>
      <div class="atlas-bar">
        <h1>{atlasText.title}</h1>
        <span class="quiet" role="status">
          {hitRows === null
            ? atlasText.figures(points.count, points.total)
            : atlasText.hits(hitRows.size, points.count)}
        </span>
        {onShowResults !== null && (
          <button type="button" onClick={onShowResults}>
            {atlasText.showResults}
          </button>
        )}
        {onShowAll !== null && (
          <button type="button" onClick={onShowAll}>
            {atlasText.showAll}
          </button>
        )}
        <ViewSwitch view={view} isUnable={isUnable} onChange={(next) => setView(() => next)} />
        {view === 'map' && !isEmpty && (
          <>
            <ColorChoice
              by={by}
              onChange={(next) => {
                setBy(() => next);
                setChosen(() => null);
              }}
            />
            <button type="button" aria-pressed={isLasso} title={atlasText.lassoHint} onClick={() => setLasso(!isLasso)}>
              {atlasText.lasso}
            </button>
          </>
        )}
      </div>
      {isUnable && <p class="quiet">{atlasText.noWebGl}</p>}
      {isEmpty && <p>{atlasText.empty}</p>}
      {!isEmpty && view === 'list' && <AtlasList points={points} rows={hitRows} onOpen={onOpen} />}
      {!isEmpty && view === 'map' && (
        <div class="atlas-board">
          <AtlasMap
            {...{ points, name, colors, isLasso, onOpen }}
            top={hitRows}
            onSelect={(found) => {
              setSelected(() => found);
              setLasso(false);
            }}
            onUnable={() => setUnable(true)}
          />
          <aside>
            {selected.length > 0 && (
              <LassoSelection {...{ ids, onOpen, onUse }} onClear={() => setSelected(() => nobody)} />
            )}
            <Legend {...{ by, entries, chosen, nameOf }} onChoose={(key) => setChosen(() => key)} />
          </aside>
        </div>
      )}
      {children}
    </>
  );
}

interface ViewSwitchProps {
  readonly view: 'map' | 'list';
  readonly isUnable: boolean;
  readonly onChange: (view: 'map' | 'list') => void;
}

function ViewSwitch({ view, isUnable, onChange }: ViewSwitchProps) {
  return (
    <span class="switch" role="group" aria-label={atlasText.showAs}>
      {(['map', 'list'] as const).map((one) => (
        <button
          type="button"
          key={one}
          aria-pressed={view === one}
          disabled={isUnable && one === 'map'}
          onClick={() => onChange(one)}
        >
          {atlasText.views[one]}
        </button>
      ))}
    </span>
  );
}

function ColorChoice({ by, onChange }: { readonly by: ColorBy; readonly onChange: (by: ColorBy) => void }) {
  return (
    <label>
      {atlasText.colorBy}{' '}
      <select value={by} onChange={(event) => onChange(event.currentTarget.value as ColorBy)}>
        {colorBys.map((one) => (
          <option key={one} value={one}>
            {atlasText.colorNames[one]}
          </option>
        ))}
      </select>
    </label>
  );
}

/** The names of collections by their ids, where they are asked for. */
function useCollectionNames(isAsked: boolean): (value: string) => string {
  const names = useLoading(isAsked ? 'names' : null, collectionNames);
  if (names.state !== 'ready') return (value) => value;
  const byId = new Map(names.data.map(({ id, name }) => [id, name]));
  return (value) => byId.get(value) ?? value;
}
