import { useState } from 'preact/hooks';
import { MorePages } from '../shared/more-pages';
import { usePages } from '../shared/pages';
import { Strip } from '../shared/thumbnail-strip';
import { useWork } from '../shared/use-work';
import { text } from '../text';
import { joinDecisions, type JoinedDecision } from './join-decisions';
import { duplicateDecisions, takeBack, type Decision, type DecisionPage } from './queries';

/** What was decided, the latest first: each decision can be taken back, also those of figures that are in no group any more. */
export function Decisions({ onOpen }: { readonly onOpen: (figureId: string) => void }) {
  const pages = usePages<Decision, DecisionPage>({
    key: 'decisions',
    load: duplicateDecisions,
    idOf: ({ figureIds }) => figureIds.join(' '),
    isKept: false,
  });
  const [undone, setUndone] = useState<ReadonlySet<string>>(new Set());
  const { run, isWorking, problem } = useWork();
  return (
    <>
      {problem !== null && <p role="alert">{problem}</p>}
      {pages.first !== null && pages.nodes.length === 0 && <p>{text.duplicates.noneDecided}</p>}
      <MorePages pages={pages}>
        <ol class="groups">
          {joinDecisions(pages.nodes).map((decision, at, all) => (
            <DecisionItem
              key={decision.key}
              decision={decision}
              isUndone={undone.has(decision.key)}
              isWhole={at < all.length - 1 || !pages.hasMore}
              isWorking={isWorking}
              onUndo={() => {
                run(takeBack(decision.pairs), () => {
                  setUndone((before) => new Set(before).add(decision.key));
                });
              }}
              onOpen={onOpen}
            />
          ))}
        </ol>
      </MorePages>
    </>
  );
}

interface DecisionItemProps {
  readonly decision: JoinedDecision;
  readonly isUndone: boolean;
  /** Whether all its pairs are loaded: else a part of it would be taken back. */
  readonly isWhole: boolean;
  readonly isWorking: boolean;
  readonly onUndo: () => void;
  readonly onOpen: (figureId: string) => void;
}

function DecisionItem({ decision, isUndone, isWhole, isWorking, onUndo, onOpen }: DecisionItemProps) {
  const { verdict, decidedAt, figures, keptId, deleted } = decision;
  return (
    <li class={isUndone ? 'group' : 'group decided'}>
      <Strip
        figures={figures}
        onOpen={onOpen}
        below={(id) => verdict === 'KEEP_ONE' && id === keptId && <span>{text.duplicates.kept}</span>}
      />
      <p class="inline">
        <span role="status">{isUndone ? text.duplicates.undone : text.duplicates.verdicts[verdict]}</span>
        <time class="quiet" dateTime={decidedAt}>
          {new Date(decidedAt).toLocaleString()}
        </time>
        {!isUndone && isWhole && deleted === 0 && (
          <button type="button" disabled={isWorking} onClick={onUndo}>
            {text.duplicates.undo}
          </button>
        )}
        {deleted > 0 && <span class="quiet">{text.duplicates.deleted(deleted)}</span>}
      </p>
    </li>
  );
}
