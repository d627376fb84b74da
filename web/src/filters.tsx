import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';
import type { Facet } from './client';
import { facetNames, type FacetName, type Place, type Reuse } from './view-state';

interface FiltersProps {
  readonly place: Place;
  /** Null where they are not known yet: those before stay, so that nothing jumps. */
  readonly facets: readonly Facet[] | null;
  readonly onChange: (place: Place) => void;
}

const titles: Readonly<Record<FacetName, string>> = {
  figureType: 'Kind of figure (predicted from the image)',
  modality: 'Imaging method (from the source)',
  predictedModality: 'Imaging method (predicted from the image)',
  license: 'License',
  journal: 'Journal',
  label: 'Label',
  year: 'Year',
  hasAnyMask: 'Mask',
};

/** Values that are shown in other words. */
const words: Readonly<Record<string, string>> = { 'hasAnyMask true': 'has a mask', 'hasAnyMask false': 'has none' };

const uses: readonly (readonly [Reuse, string])[] = [
  ['ANY', 'any license'],
  ['COMMERCIAL', 'commercial use allowed'],
  ['DERIVATIVES', 'changes allowed'],
  ['COMMERCIAL_DERIVATIVES', 'commercial use and changes'],
];

const valuesShown = 8;

/** The rail of filters: how many figures can be listed with each value, and how many of them are hits. */
export function Filters({ place, facets, onChange }: FiltersProps) {
  const latest = useRef<readonly Facet[]>([]);
  if (facets !== null) latest.current = facets;
  return (
    <details class="filters" open={innerWidth > 800}>
      <summary>Filters</summary>
      {facetNames.map((name) => (
        <FacetList
          key={name}
          name={name}
          chosen={place.chosen[name]}
          values={shownValues(name, latest.current.find(({ field }) => field === name)?.values ?? [])}
          onChange={(values) => {
            onChange({ ...place, chosen: { ...place.chosen, [name]: values } });
          }}
        >
          {name === 'year' && <YearRange place={place} onChange={onChange} />}
        </FacetList>
      ))}
      <fieldset>
        <legend>Use</legend>
        <select
          aria-label="What the license has to allow"
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
    </details>
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
  if (shown.length === 0 && name !== 'year') return null;
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
            <span>{words[`${name} ${one.value}`] ?? one.value}</span> <Count {...one} />
          </label>
        </li>
      ))}
    </ul>
  );
  return (
    <fieldset>
      <legend>{titles[name]}</legend>
      {list(shown.slice(0, valuesShown))}
      {shown.length > valuesShown && (
        <details>
          <summary>{shown.length - valuesShown} more</summary>
          {list(shown.slice(valuesShown))}
        </details>
      )}
      {children}
    </fieldset>
  );
}

/** “3 of 12”: hits, of the figures that can be listed with the value. */
function Count({ count, hits }: Value) {
  if (hits == null || hits === count) return <span class="quiet">{count}</span>;
  return (
    <span class="quiet" title={`${hits} of the hits; ${count} figures can be listed with it`}>
      {hits} of {count}
    </span>
  );
}

function YearRange({ place, onChange }: Pick<FiltersProps, 'place' | 'onChange'>) {
  return (
    <p>
      <YearInput
        label="from"
        year={place.yearFrom}
        onChange={(yearFrom) => {
          onChange({ ...place, yearFrom });
        }}
      />{' '}
      <YearInput
        label="to"
        year={place.yearTo}
        onChange={(yearTo) => {
          onChange({ ...place, yearTo });
        }}
      />
    </p>
  );
}

interface YearInputProps {
  readonly label: string;
  readonly year: number | null;
  readonly onChange: (year: number | null) => void;
}

function YearInput({ label, year, onChange }: YearInputProps) {
  return (
    <label>
      {label}{' '}
      <input
        type="number"
        min={1800}
        max={2100}
        value={year ?? ''}
        onChange={(event) => {
          const text = event.currentTarget.value;
          onChange(/^\d{4}$/.test(text) ? Number(text) : null);
        }}
      />
    </label>
  );
}
