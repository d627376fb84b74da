import { useState } from 'preact/hooks';
import type { PlaceTerm } from '../place';
import { imageAddress } from '../shared/figure-text';
import { placeOf } from '../shared/place-of';
import { text } from '../text';
import { thumbnailOf } from './upload-thumbnails';

interface ChipProps {
  readonly term: PlaceTerm;
  /** Null removes it. */
  readonly onChange: (term: PlaceTerm | null) => void;
}

const weights = [0.25, 0.5, 1, 2];

/** A term of the query: with its sign, its weight, and a way out. */
export function Chip({ term, onChange }: ChipProps) {
  const { weight } = term;
  return (
    <li class={weight > 0 ? 'term' : 'term away'}>
      <button
        type="button"
        aria-label={weight > 0 ? text.box.draws : text.box.pushes}
        title={weight > 0 ? text.box.draws : text.box.pushes}
        onClick={() => {
          onChange({ ...term, weight: -weight });
        }}
      >
        {weight > 0 ? '+' : '−'}
      </button>
      <Name term={term} />
      <select
        aria-label={text.box.weight}
        value={String(Math.abs(weight))}
        onChange={(event) => {
          onChange({ ...term, weight: Math.sign(weight) * Number(event.currentTarget.value) });
        }}
      >
        {[...new Set([...weights, Math.abs(weight)])].map((one) => (
          <option key={one} value={String(one)}>
            × {one}
          </option>
        ))}
      </select>
      <button
        type="button"
        aria-label={text.box.remove}
        onClick={() => {
          onChange(null);
        }}
      >
        ×
      </button>
    </li>
  );
}

function Name({ term: { kind, value, region } }: { readonly term: PlaceTerm }) {
  switch (kind) {
    case 'text':
      return <span>{value}</span>;
    case 'upload': {
      const thumbnail = thumbnailOf(value);
      return thumbnail === null ? (
        <span>{text.box.yourImage}</span>
      ) : (
        <img src={thumbnail} alt={text.box.yourImage} height={28} />
      );
    }
    case 'mask':
      return <img src={`/masks/${encodeURIComponent(value)}.png?size=64`} alt={text.box.masked} height={28} />;
    case 'panel':
      return <span>{text.box.storedPart}</span>;
    case 'figure':
      return <FigureName key={value} id={value} region={region} />;
  }
}

interface FigureNameProps {
  readonly id: string;
  readonly region: PlaceTerm['region'];
}

/** A figure small; in words where it was deleted, so that a reader sees which term to remove. */
function FigureName({ id, region }: FigureNameProps) {
  const [isGone, setGone] = useState(false);
  const image = imageAddress(id, 64);
  if (isGone) return <span>{text.box.goneFigure}</span>;
  if (region !== undefined) return <RegionThumbnail image={image} region={region} />;
  return (
    <img
      src={image}
      alt={text.box.storedFigure}
      height={28}
      onError={() => {
        setGone(true);
      }}
    />
  );
}

/** The whole figure small, with the part that counts outlined. */
function RegionThumbnail({
  image,
  region,
}: {
  readonly image: string;
  readonly region: NonNullable<PlaceTerm['region']>;
}) {
  return (
    <span class="region-thumbnail">
      <img src={image} alt={text.box.storedPart} height={28} />
      <span style={placeOf(region, { width: 1, height: 1 })} />
    </span>
  );
}
