import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';
import { oneCollection } from '../collections/queries';
import { facetNames, start, type FacetName, type Place, type Reuse } from '../place';
import { useLoading } from '../shared/load';
import { text } from '../text';
import type { Facet } from './queries';
import { toFilter } from './query';
import { YearRange } from './year-range';

interface FiltersProps {
  readonly place: Place;
  /** Null where they are not known yet: those before stay, so that nothing jumps. */
  readonly facets: readonly Facet[] | null;
  readonly onChange: (place: Place) => void;
}

/** The facets of the latest answer: they stay while the next one is on its way, also in another view. */
let latestFacets: readonly Facet[] = [];

const valuesShown = 8;
/** Below this width of the window in pixels the rail is folded away. */
const narrow = 800;

/** The rail of filters: how many figures can be listed with each value, and how many of them are hits. */
export function Filters({ place, facets, onChange }: FiltersProps) {
  if (facets !== null) latestFacets = facets;
  const isOpen = useRef(innerWidth > narrow);
  const valuesOf = (name: FacetName) => latestFacets.find(({ field }) => field === name)?.values ?? [];
  return (
    <details
      class="filters"
      open={isOpen.current}
      onToggle={(event) => {
        isOpen.current = event.currentTarget.open;
      }}
    >
      <summary>{text.filters.title}</summary>
      {toFilter(place) !== null && (
        <button
          type="button"
          class="chip"
          onClick={() => {
            const { chosen, yearFrom, yearTo, reuse, collectionId } = start;
            onChange({ ...place, chosen, yearFrom, yearTo, reuse, collectionId });
          }}
        >
          {text.filters.clear}
        </button>
      )}
      {place.collectionId !== null && (
        <label class="choice">
          <input
            type="checkbox"
            checked
            onChange={() => {
              onChange({ ...place, collectionId: null });
            }}
          />
          <CollectionName id={place.collectionId} />
        </label>
      )}
      {facetNames.map((name) => (
        <FacetList
          key={name}
          name={name}
          chosen={place.chosen[name]}
          values={shownValues(name, valuesOf(name))}
          onChange={(values) => {
            onChange({ ...place, chosen: { ...place.chosen, [name]: values } });
          }}
        >
          {name === 'year' && (
            <YearRange
              years={valuesOf('year').map(({ value }) => Number(value))}
              from={place.yearFrom}
              to={place.yearTo}
              onChange={(yearFrom, yearTo) => {
                onChange({ ...place, yearFrom, yearTo });
              }}
            />
          )}
        </FacetList>
      ))}
      <UseOfLicense place={place} onChange={onChange} />
    </details>
  );
}

/** What the choice of a collection means, with its name as soon as that is known. */
function CollectionName({ id }: { readonly id: string }) {
  const found = useLoading(id, (signal) => oneCollection(id, signal));
  if (found.state !== 'ready') return <span>{text.filters.within('')}</span>;
  return <span>{found.data === null ? text.filters.withinNone : text.filters.within(`“${found.data.name}”`)}</span>;
}

function UseOfLicense({ place, onChange }: Pick<FiltersProps, 'place' | 'onChange'>) {
  const uses = Object.entries(text.filters.uses) as [Reuse, string][];
  return (
    <fieldset>
      <legend>{text.filters.use}</legend>
      <select
        aria-label={text.filters.useLabel}
        value={place.reuse}
        onChange={(event) => {
          const reuse = uses.find(([name]) => name === event.currentTarget.value)?.[0] ?? 'ANY';
          onChange({ ...place, reuse });
        }}
      >
        {uses.map(([name, words]) => (
          <option key={name} value={name}>
            {words}
          </option>
        ))}
      </select>
    </fieldset>
  );
}

type Value = Omit<Facet['values'][number], 'hits'> & { readonly hits?: number | null };

/** The latest year first; no masks where no figure has one. */
function shownValues(name: FacetName, values: readonly Value[]): readonly Value[] {
  if (name === 'year') return [...values].sort((one, other) => Number(other.value) - Number(one.value));
  if (name === 'hasAnyMask' && !values.some(({ value }) => value === 'true')) return [];
  return values;
}

interface FacetListProps {
  readonly name: FacetName;
  readonly chosen: readonly string[];
  readonly values: readonly Value[];
  readonly onChange: (values: readonly string[]) => void;
  /** Stands below the values. */
  readonly children: ComponentChildren;
}

function FacetList({ name, chosen, values, onChange, children }: FacetListProps) {
  const missing = chosen.filter((value) => !values.some((one) => one.value === value));
  const shown: readonly Value[] = [...missing.map((value) => ({ value, count: 0 })), ...values];
  if (shown.length === 0) return null;
  const list = (some: readonly Value[]) => (
    <ul>
      {some.map((one) => (
        <li key={one.value}>
          <label>
            <input
              type="checkbox"
              checked={chosen.includes(one.value)}
              onChange={(event) => {
                const others = chosen.filter((value) => value !== one.value);
                onChange(event.currentTarget.checked ? [...others, one.value] : others);
              }}
            />
            <span>{nameOf(name, one.value)}</span> <Count {...one} />
          </label>
        </li>
      ))}
    </ul>
  );
  return (
    <fieldset>
      <legend>{text.filters.names[name]}</legend>
      {list(shown.slice(0, valuesShown))}
      {shown.length > valuesShown && (
        <details>
          <summary>{text.filters.more(shown.length - valuesShown)}</summary>
          {list(shown.slice(valuesShown))}
        </details>
      )}
      {children}
    </fieldset>
  );
}

function nameOf(facet: FacetName, value: string): string {
  if (facet !== 'hasAnyMask') return value;
  return value === 'true' ? text.filters.hasMask : text.filters.hasNone;
}

/** “3 of 12”: hits, of the figures that can be listed with the value. */
function Count({ count, hits }: Value) {
  if (hits == null || hits === count) return <span class="quiet">{count}</span>;
  return (
    <span class="quiet" title={text.filters.ofHint(hits, count)}>
      {text.filters.of(hits, count)}
    </span>
  );
}
