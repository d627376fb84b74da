import './duplicates.css';
import { useState } from 'preact/hooks';
import type { DuplicateVerdict } from '../generated/operations';
import { MorePages } from '../shared/more-pages';
import { usePages } from '../shared/pages';
import { useWork } from '../shared/use-work';
import { text } from '../text';
import { Decisions } from './decisions';
import { DuplicateGroupItem } from './duplicate-group';
import { decide, duplicateGroups, type Group, type GroupPage } from './queries';

interface DuplicatesViewProps {
  readonly onOpen: (figureId: string) => void;
}

/** Groups of figures with the same picture: a person says for each what is to become of it. */
export function DuplicatesView({ onOpen }: DuplicatesViewProps) {
  const [isDecided, setDecided] = useState(false);
  return (
    <main class="duplicates" id="content" tabIndex={-1}>
      <h1>{text.app.sections.duplicates}</h1>
      <p class="quiet">{text.duplicates.intro}</p>
      <p>
        <span class="switch" role="group" aria-label={text.results.show}>
          {[false, true].map((one) => (
            <button
              type="button"
              key={String(one)}
              aria-pressed={isDecided === one}
              onClick={() => {
                setDecided(one);
              }}
            >
              {one ? text.duplicates.decided : text.duplicates.waiting}
            </button>
          ))}
        </span>
      </p>
      {isDecided ? <Decisions onOpen={onOpen} /> : <Groups onOpen={onOpen} />}
    </main>
  );
}

/** What was said of a group here. */
interface Said {
  readonly verdict: DuplicateVerdict;
  readonly keep: string | null;
}

function Groups({ onOpen }: DuplicatesViewProps) {
  const pages = usePages<Group, GroupPage>({
    key: 'groups',
    load: duplicateGroups,
    idOf: keyOf,
    isKept: false,
  });
  const [said, setSaid] = useState<ReadonlyMap<string, Said>>(new Map());
  const { run, problem } = useWork();
  const say = (group: Group, verdict: DuplicateVerdict, keep: string | null = null): void => {
    const ids = group.figures.map(({ id }) => id);
    run(decide(ids, verdict, keep), () => {
      setSaid((before) => new Map(before).set(keyOf(group), { verdict, keep }));
    });
  };
  return (
    <>
      {problem !== null && <p role="alert">{problem}</p>}
      {pages.first !== null && pages.nodes.length === 0 && <p>{text.duplicates.noneWaiting}</p>}
      <MorePages pages={pages}>
        <ol class="groups">
          {pages.nodes.map((group) => (
            <DuplicateGroupItem
              key={keyOf(group)}
              group={group}
              said={said.get(keyOf(group)) ?? latestOf(group)}
              onSay={(verdict, keep) => {
                say(group, verdict, keep);
              }}
              onOpen={onOpen}
            />
          ))}
        </ol>
      </MorePages>
    </>
  );
}

function keyOf({ figures }: Group): string {
  return figures.map(({ id }) => id).join(' ');
}

/** What was decided of the whole group before; null where its pairs differ or wait. */
function latestOf({ decisions, figures }: Group): Said | null {
  const [first] = decisions;
  const pairs = (figures.length * (figures.length - 1)) / 2;
  const isOne = first !== undefined && decisions.length === pairs;
  if (!isOne || decisions.some(({ verdict }) => verdict !== first.verdict)) return null;
  return { verdict: first.verdict, keep: first.kept?.id ?? null };
}
