import { text } from '../text';

interface YearRangeProps {
  /** Years that figures have. */
  readonly years: readonly number[];
  readonly from: number | null;
  readonly to: number | null;
  readonly onChange: (from: number | null, to: number | null) => void;
}

/** A range of years: for each end a slider, and a field for who knows the year. An end that is not moved is open. */
export function YearRange({ years, from, to, onChange }: YearRangeProps) {
  const known = years.filter((year) => Number.isFinite(year));
  const earliest = Math.min(...known, from ?? Infinity);
  const latest = Math.max(...known, to ?? -Infinity);
  const setFrom = (year: number | null): void => {
    onChange(year !== null && year <= earliest ? null : year, to);
  };
  const setTo = (year: number | null): void => {
    onChange(from, year !== null && year >= latest ? null : year);
  };
  const hasRange = latest > earliest;
  return (
    <div class="years">
      <YearInput label={text.filters.from} year={from} onChange={setFrom} />
      {hasRange && (
        <Slider
          label={text.filters.fromYear}
          min={earliest}
          max={latest}
          value={from ?? earliest}
          onChange={(year) => {
            setFrom(Math.min(year, to ?? latest));
          }}
        />
      )}
      <YearInput label={text.filters.to} year={to} onChange={setTo} />
      {hasRange && (
        <Slider
          label={text.filters.toYear}
          min={earliest}
          max={latest}
          value={to ?? latest}
          onChange={(year) => {
            setTo(Math.max(year, from ?? earliest));
          }}
        />
      )}
    </div>
  );
}

interface SliderProps {
  readonly label: string;
  readonly min: number;
  readonly max: number;
  readonly value: number;
  readonly onChange: (year: number) => void;
}

function Slider({ label, min, max, value, onChange }: SliderProps) {
  return (
    <input
      type="range"
      aria-label={label}
      min={min}
      max={max}
      value={value}
      onChange={(event) => {
        onChange(Number(event.currentTarget.value));
      }}
    />
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
          const written = event.currentTarget.value;
          onChange(/^\d{4}$/.test(written) ? Number(written) : null);
        }}
      />
    </label>
  );
}
