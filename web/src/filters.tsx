import type { Facet } from './client';
import { facetNames, type FacetName, type Place, type Reuse } from './view-state';

interface FiltersProps {
  readonly place: Place;
  readonly facets: readonly Facet[];
  readonly onChange: (place: Place) => void;
}

const titles: Readonly<Record<FacetName, string>> = {
  modality: 'Modality',
  license: 'License',
  journal: 'Journal',
  label: 'Label',
};

const uses: readonly (readonly [Reuse, string])[] = [
  ['ANY', 'any license'],
  ['COMMERCIAL', 'commercial use allowed'],
  ['DERIVATIVES', 'changes allowed'],
  ['COMMERCIAL_DERIVATIVES', 'commercial use and changes'],
];

const valuesShown = 8;

/** The rail of filters: counts are those of everything that can be found under the filter. */
export function Filters({ place, facets, onChange }: FiltersProps) {
  return (
    <details class="filters" open={innerWidth > 800}>
      <summary>Filters</summary>
      {facetNames.map((name) => (
        <FacetList
          key={name}
          name={name}
          chosen={place.chosen[name]}
          values={facets.find(({ field }) => field === name)?.values ?? []}
          onChange={(values) => {
            onChange({ ...place, chosen: { ...place.chosen, [name]: values } });
          }}
        />
      ))}
      <fieldset>
        <legend>Year</legend>
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
      </fieldset>
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

interface FacetListProps {
  readonly name: FacetName;
  readonly chosen: readonly string[];
  readonly values: readonly { readonly value: string; readonly count: number }[];
  readonly onChange: (values: readonly string[]) => void;
}

function FacetList({ name, chosen, values, onChange }: FacetListProps) {
  const missing = chosen.filter((value) => !values.some((one) => one.value === value));
  const shown = [...missing.map((value) => ({ value, count: 0 })), ...values];
  if (shown.length === 0) return null;
  const list = (some: typeof shown) => (
    <ul>
      {some.map(({ value, count }) => (
        <li key={value}>
          <label>
            <input
              type="checkbox"
              checked={chosen.includes(value)}
              onChange={(event) => {
                onChange(event.currentTarget.checked ? [...chosen, value] : chosen.filter((one) => one !== value));
              }}
            />
            <span>{value}</span> <span class="quiet">{count}</span>
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
    </fieldset>
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
