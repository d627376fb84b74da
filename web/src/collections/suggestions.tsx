import { SuggestionsText, type SuggestionsQuery } from '../generated/operations';
import { useLoading } from '../shared/load';
import { ask } from '../shared/server';
import { useWork } from '../shared/use-work';
import { Strip } from '../shared/thumbnail-strip';
import { text } from '../text';
import { addToCollection, rateFigure } from './queries';

interface SuggestionsProps {
  readonly id: string;
  /** Of the members and ratings: when it changes, the suggestions are learned again. */
  readonly version: string;
  readonly onOpen: (figureId: string) => void;
  /** Runs a change and loads the collection again. */
  readonly onChange: (work: Promise<unknown>) => void;
  /** A figure was rated. */
  readonly onRated: () => void;
}

type Suggested = NonNullable<SuggestionsQuery['collection']>['suggestions'][number];

async function suggestions(id: string, signal: AbortSignal): Promise<readonly Suggested[]> {
  return (await ask<SuggestionsQuery>(SuggestionsText, { id }, signal)).collection?.suggestions ?? [];
}

/** Figures that fit a collection, learned from its members and ratings: each is added, or rated and then another one comes. */
export function Suggestions({ id, version, onOpen, onChange, onRated }: SuggestionsProps) {
  const { run, problem } = useWork();
  const found = useLoading(JSON.stringify([id, version]), (signal) => suggestions(id, signal), {
    keepWhile: id,
  });
  const reject = (figureId: string): void => {
    run(rateFigure(id, figureId, 'IRRELEVANT'), onRated);
  };
  if (found.state === 'failed') return <p class="quiet">{text.suggestions.failed(found.message)}</p>;
  if (found.state !== 'ready' || found.data.length === 0) return null;
  const figures = found.data.map(({ figure }) => figure);
  return (
    <section aria-labelledby="suggestions-title" class="suggestions">
      <h2 id="suggestions-title">{text.suggestions.title}</h2>
      <p class="quiet">
        {text.suggestions.intro}{' '}
        <button
          type="button"
          class="small"
          onClick={() => {
            onChange(
              addToCollection(
                id,
                figures.map((figure) => figure.id),
              ),
            );
          }}
        >
          {text.suggestions.addAll(figures.length)}
        </button>
      </p>
      {problem !== null && <p role="alert">{problem}</p>}
      <Strip
        figures={figures}
        onOpen={onOpen}
        below={(figureId) => (
          <span class="inline">
            <button
              type="button"
              class="small"
              onClick={() => {
                onChange(addToCollection(id, [figureId]));
              }}
            >
              {text.suggestions.add}
            </button>
            <button
              type="button"
              class="small"
              title={text.suggestions.notHint}
              onClick={() => {
                reject(figureId);
              }}
            >
              {text.suggestions.not}
            </button>
          </span>
        )}
      />
    </section>
  );
}
