import type { Place } from '../place';
import { text } from '../text';
import type { Hits } from './queries';
import { toFilter } from './query';

/** How many figures an answer holds, and how good they are, in a line. */
export function inWords(info: Hits['info'], shown: number, place: Place): string {
  if (shown === 0 && info.unconstrainedText != null) return text.results.nothingHolds(toFilter(place) !== null);
  if (shown === 0) return text.results.nothing;
  if (info.matches === 0) return text.results.noMatch;
  const ms = Math.round(info.embedMs + info.searchMs + info.fetchMs);
  const matches = info.matches == null ? '' : text.results.matches(info.matches);
  return matches + text.results.bestFirst(info.total, info.totalIsExact, ms);
}

interface NotesProps {
  readonly info: Hits['info'];
  readonly isEmpty: boolean;
  readonly onSearchFor: (text: string) => void;
}

/** What else was looked for, and what could be asked instead. */
export function Notes({ info, isEmpty, onSearchFor }: NotesProps) {
  const { expansions, suggestedText } = info;
  const unconstrainedText = isEmpty ? info.unconstrainedText : null;
  const each = expansions.map(({ words, synonyms }) => `${synonyms.join(', ')} (${words})`);
  return (
    <>
      {each.length > 0 && <p class="quiet">{text.results.alsoLookedFor(each.join('; '))}</p>}
      {suggestedText != null && (
        <p class="offer">
          {text.results.didYouMean} <Offer words={suggestedText} text={suggestedText} onSearchFor={onSearchFor} />?
        </p>
      )}
      {unconstrainedText != null && (
        <p class="offer">
          <Offer words={text.results.searchFor(unconstrainedText)} text={unconstrainedText} onSearchFor={onSearchFor} />{' '}
          <span class="quiet">{text.results.searchForNote}</span>
        </p>
      )}
    </>
  );
}

interface OfferProps extends Pick<NotesProps, 'onSearchFor'> {
  readonly words: string;
  readonly text: string;
}

function Offer({ words, text: searched, onSearchFor }: OfferProps) {
  return (
    <button
      type="button"
      class="chip"
      onClick={() => {
        onSearchFor(searched);
      }}
    >
      {words}
    </button>
  );
}
