import { useState } from 'preact/hooks';
import { SuggestionsText, type SuggestionsQuery } from '../generated/operations';
import { useLoading } from '../shared/load';
import { ask, messageOf } from '../shared/server';
import { text } from '../text';
import { addToCollection, rateFigure } from './queries';

interface SuggestionsProps {
  readonly id: string;
  /** Counts changes of the members and ratings: after one the suggestions are learned again. */
  readonly version: number;
  readonly onOpen: (figureId: string) => void;
  /** Runs a change and loads the collection again. */
  readonly onChange: (work: Promise<unknown>) => void;
}

type Suggested = NonNullable<SuggestionsQuery['collection']>['suggestions'][number];

async function suggestions(id: string, signal: AbortSignal): Promise<readonly Suggested[]> {
  return (await ask<SuggestionsQuery>(SuggestionsText, { id }, signal)).collection?.suggestions ?? [];
}

/** Figures that fit a collection, learned from its members and ratings: each is added, or rated and then another one comes. */
export function Suggestions({ id, version, onOpen, onChange }: SuggestionsProps) {
  const [rated, setRated] = useState(0);
  const [problem, setProblem] = useState<string | null>(null);
  const found = useLoading(JSON.stringify([id, version, rated]), (signal) => suggestions(id, signal), {
    keepWhile: id,
  });
  const rate = (figureId: string, rating: 'RELEVANT' | 'IRRELEVANT'): void => {
    rateFigure(id, figureId, rating).then(
      () => {
        setRated((before) => before + 1);
      },
      (error: unknown) => {
        setProblem(messageOf(error));
      },
    );
  };
  if (found.state === 'failed') return <p class="quiet">{text.suggestions.failed(found.message)}</p>;
  if (found.state !== 'ready' || found.data.length === 0) return null;
  return (
    <section aria-labelledby="suggestions-title">
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
                found.data.map(({ figure }) => figure.id),
              ),
            );
          }}
        >
          {text.suggestions.addAll(found.data.length)}
        </button>
      </p>
      {problem !== null && <p role="alert">{problem}</p>}
      <ul class="strip suggestions">
        {found.data.map(({ figure }) => (
          <li key={figure.id}>
            <button
              type="button"
              class="cell"
              onClick={() => {
                onOpen(figure.id);
              }}
            >
              <img
                src={figure.imageUrl}
                alt={figure.caption === '' ? figure.labels.join(', ') : figure.caption}
                height={130}
                width={Math.round(130 * Math.min(2, Math.max(0.8, figure.width / figure.height)))}
                loading="lazy"
              />
            </button>
            <span class="inline">
              <button
                type="button"
                class="small"
                onClick={() => {
                  onChange(addToCollection(id, [figure.id]));
                }}
              >
                {text.suggestions.add}
              </button>
              <button
                type="button"
                class="small"
                title={text.suggestions.notHint}
                onClick={() => {
                  rate(figure.id, 'IRRELEVANT');
                }}
              >
                {text.suggestions.not}
              </button>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
