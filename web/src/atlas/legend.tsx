import { atlasText } from './atlas-text';
import type { ColorBy, LegendEntry } from './colors';

interface LegendProps {
  readonly by: ColorBy;
  readonly entries: readonly LegendEntry[];
  readonly chosen: string | null;
  readonly onChoose: (key: string | null) => void;
  /** Names of values that are ids. */
  readonly nameOf: (value: string) => string;
}

/** What the colors mean; an entry that is pressed stands out on the map. */
export function Legend({ by, entries, chosen, onChoose, nameOf }: LegendProps) {
  return (
    <ul class="atlas-legend" aria-label={atlasText.colorNames[by]}>
      {entries
        .filter(({ count }) => count > 0)
        .map(({ key, value, kind, color, count }) => (
          <li key={key}>
            <button
              type="button"
              title={atlasText.legendHint}
              aria-pressed={key === chosen}
              onClick={() => onChoose(key === chosen ? null : key)}
            >
              <span class="atlas-swatch" style={{ background: color }} />
              <span class="atlas-legend-name">
                {value !== null ? nameOf(value) : kind === 'other' ? atlasText.other : atlasText.none[by]}
              </span>
              <span class="quiet">{count.toLocaleString('en-US')}</span>
            </button>
          </li>
        ))}
    </ul>
  );
}
