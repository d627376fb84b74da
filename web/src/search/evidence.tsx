import { channels } from '../place';
import { Menu } from '../shared/menu';
import { text } from '../text';
import type { Hit } from './queries';
import type { QueryKind } from './query';
import { markedWords } from './snippet';

interface EvidenceProps {
  readonly hit: Partial<Pick<Hit, 'evidence' | 'isMatch' | 'snippet'>>;
  readonly queryKind: QueryKind;
}

const maxWords = 3;

/** Why a hit is here, in words that fit below a picture: “looks alike · words found: platelets”. */
export function evidenceInWords({ hit, queryKind }: EvidenceProps): string {
  const { evidence = [], isMatch, snippet } = hit;
  if (isMatch === false) return text.evidence.nearest;
  const found = new Set(evidence.map(({ channel }) => channel));
  const words = {
    IMAGE: queryKind === 'words' ? text.evidence.fitsWords : text.evidence.looksAlike,
    CAPTION: text.evidence.caption,
    KEYWORD: text.evidence.words(markedWords(snippet ?? '').slice(0, maxWords)),
  };
  // The plainest reason first.
  const order = queryKind === 'image' ? channels : (['KEYWORD', 'CAPTION', 'IMAGE'] as const);
  return order
    .filter((channel) => found.has(channel))
    .map((channel) => words[channel])
    .join(' · ');
}

/** What each kind of evidence said of a hit, on demand. */
export function EvidenceMenu({ hit, queryKind, isReachable }: EvidenceProps & { readonly isReachable: boolean }) {
  const { evidence = [] } = hit;
  return (
    <Menu label={text.evidence.why} title={text.evidence.whyLabel} isReachable={isReachable}>
      <p>
        <strong>{evidenceInWords({ hit, queryKind })}</strong>
      </p>
      <dl class="evidence-list">
        {evidence.map(({ channel, rank }) => (
          <div key={channel}>
            <dt>
              {text.channels[channel]}: {text.evidence.rank(rank)}
            </dt>
            <dd>{text.evidence.explain[channel]}</dd>
          </div>
        ))}
      </dl>
      <p class="quiet">{text.evidence.rule}</p>
    </Menu>
  );
}
