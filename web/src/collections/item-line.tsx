import { text } from '../text';
import type { Item } from './queries';

interface ItemLineProps {
  readonly item: Pick<Item, 'rating' | 'note' | 'tags'> | undefined;
  readonly onRate: (rating: 'RELEVANT' | 'IRRELEVANT') => void;
  readonly onEdit: () => void;
}

/** How a member is rated, its tags and its note, in a line. */
export function ItemLine({ item, onRate, onEdit }: ItemLineProps) {
  const { rating, note, tags } = item ?? { rating: 'NONE', note: null, tags: [] };
  const about = [...tags.map((tag) => `#${tag}`), note].filter(Boolean).join(' · ');
  return (
    <>
      <RateButtons rating={rating} onRate={onRate} />
      <button type="button" class="small" tabIndex={-1} title={text.collections.editHint} onClick={onEdit}>
        {text.collections.edit}
      </button>
      <span class="clamped" title={about}>
        {about}
      </span>
    </>
  );
}

interface RateButtonsProps {
  readonly rating: Item['rating'];
  readonly onRate: ItemLineProps['onRate'];
}

/** Fits, or does not fit; pressed again, the rating is taken back. */
function RateButtons({ rating, onRate }: RateButtonsProps) {
  const buttons = [
    ['RELEVANT', text.collections.fits, text.collections.fitsHint],
    ['IRRELEVANT', text.collections.fitsNot, text.collections.fitsNotHint],
  ] as const;
  return (
    <>
      {buttons.map(([value, label, hint]) => (
        <button
          type="button"
          key={value}
          class="small"
          tabIndex={-1}
          title={hint}
          aria-pressed={rating === value}
          onClick={() => {
            onRate(value);
          }}
        >
          {label}
        </button>
      ))}
    </>
  );
}
