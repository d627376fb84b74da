import type { DuplicateVerdict } from '../generated/operations';
import { isPlainKey, isTyping } from '../shared/keys';
import { FigureLink } from '../shared/place-link';
import { text } from '../text';
import type { Group } from './queries';

interface DuplicateGroupItemProps {
  readonly group: Group;
  /** What was decided; null where it waits. */
  readonly said: { readonly verdict: DuplicateVerdict; readonly keep: string | null } | null;
  readonly onSay: (verdict: DuplicateVerdict, keep?: string) => void;
  readonly onOpen: (figureId: string) => void;
}

/** One group, with its figures side by side. Keys: a keeps all, 1 to 9 keep one, n says that they are not the same, u takes it back. */
export function DuplicateGroupItem({ group, said, onSay, onOpen }: DuplicateGroupItemProps) {
  const { figures, size } = group;
  const verdict = said?.verdict ?? 'UNDECIDED';
  const keys: Readonly<Record<string, () => void>> = {
    a: () => {
      onSay('KEEP_ALL');
    },
    n: () => {
      onSay('NOT_SAME');
    },
    u: () => {
      onSay('UNDECIDED');
    },
    ...Object.fromEntries(
      figures.slice(0, 9).map(({ id }, index) => [
        String(index + 1),
        () => {
          onSay('KEEP_ONE', id);
        },
      ]),
    ),
  };
  return (
    <li
      class={verdict === 'UNDECIDED' ? 'group' : 'group decided'}
      tabIndex={0}
      aria-label={text.duplicates.group(size)}
      onKeyDown={(event) => {
        const act = isPlainKey(event) && !isTyping(event) ? keys[event.key] : undefined;
        if (act === undefined) return;
        event.preventDefault();
        act();
      }}
    >
      <ul class="group-figures">
        {figures.map((figure, index) => (
          <li key={figure.id} class={verdict === 'KEEP_ONE' && said?.keep !== figure.id ? 'hidden-figure' : ''}>
            <FigureLink class="cell" figureId={figure.id} onOpen={onOpen}>
              <img src={figure.imageUrl} alt={figure.caption} width={220} height={160} loading="lazy" />
              <span class="caption">
                {[figure.article?.year, figure.article?.title, figure.label].filter(Boolean).join(' · ') ||
                  figure.sourceKey}
              </span>
              <span class="quiet caption">{figure.caption}</span>
            </FigureLink>
            <button
              type="button"
              aria-pressed={verdict === 'KEEP_ONE' && said?.keep === figure.id}
              onClick={() => {
                onSay('KEEP_ONE', figure.id);
              }}
            >
              {text.duplicates.keepOne(index + 1)}
            </button>
          </li>
        ))}
      </ul>
      <p class="inline">
        <VerdictButton verdict="KEEP_ALL" said={verdict} onSay={onSay}>
          {text.duplicates.keepAll}
        </VerdictButton>
        <VerdictButton verdict="NOT_SAME" said={verdict} onSay={onSay}>
          {text.duplicates.notSame}
        </VerdictButton>
        {verdict !== 'UNDECIDED' && (
          <button
            type="button"
            onClick={() => {
              onSay('UNDECIDED');
            }}
          >
            {text.duplicates.undo}
          </button>
        )}
        <span role="status" class="quiet">
          {text.duplicates.verdicts[verdict]}
          {size > figures.length && ` ${text.duplicates.shown(figures.length, size)}`}
        </span>
      </p>
    </li>
  );
}

interface VerdictButtonProps extends Pick<DuplicateGroupItemProps, 'onSay'> {
  readonly verdict: DuplicateVerdict;
  readonly said: DuplicateVerdict;
  readonly children: string;
}

function VerdictButton({ verdict, said, onSay, children }: VerdictButtonProps) {
  return (
    <button
      type="button"
      aria-pressed={said === verdict}
      onClick={() => {
        onSay(verdict);
      }}
    >
      {children}
    </button>
  );
}
