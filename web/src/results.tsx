import { useState } from 'preact/hooks';
import { search } from './client';
import { Grid } from './grid';
import { useLoading } from './load';
import type { Place } from './place';

const step = 40;
const most = 200;

interface ResultsProps {
  readonly place: Place;
  readonly onOpen: (figureId: string) => void;
  readonly onTry: (text: string) => void;
}

const examples = [
  'blood smear',
  'chest radiograph with effusion',
  'western blot',
  'survival curve',
  'fundus photograph',
];

/** The answer to a query: or what can be asked, where there is none yet. */
export function Results({ place, onOpen, onTry }: ResultsProps) {
  const { text, uploadId } = place;
  const isEmpty = text.trim() === '' && uploadId === null;
  const queryKey = JSON.stringify([text, uploadId]);
  const [more, setMore] = useState({ queryKey, first: step });
  const first = more.queryKey === queryKey ? more.first : step;
  const hits = useLoading(isEmpty ? null : `${queryKey}${first}`, (signal) =>
    search({ ...(text === '' ? {} : { text }), ...(uploadId === null ? {} : { image: { uploadId } }) }, first, signal),
  );
  if (isEmpty) return <Welcome onTry={onTry} />;
  return (
    <main>
      {hits.state === 'loading' && <p role="status">Searching…</p>}
      {hits.state === 'failed' && <p role="alert">{hits.message}</p>}
      {hits.state === 'ready' && (
        <>
          <p class="quiet" role="status">
            {hits.data.nodes.length === 0
              ? 'Nothing found. Try other words.'
              : `${hits.data.nodes.length} figures · ${milliseconds(hits.data.info)} ms`}
          </p>
          <Grid hits={hits.data.nodes} onOpen={onOpen} />
          {hits.data.nodes.length === first && first < most && (
            <button
              type="button"
              onClick={() => {
                setMore({ queryKey, first: Math.min(most, first + step) });
              }}
            >
              More
            </button>
          )}
        </>
      )}
    </main>
  );
}

function Welcome({ onTry }: { readonly onTry: (text: string) => void }) {
  return (
    <main class="welcome">
      <p>Find biomedical figures by what they show. Type words, or drop, paste or pick an image.</p>
      <p>
        {examples.map((example) => (
          <button
            type="button"
            class="chip"
            key={example}
            onClick={() => {
              onTry(example);
            }}
          >
            {example}
          </button>
        ))}
      </p>
    </main>
  );
}

function milliseconds(info: { readonly embedMs: number; readonly searchMs: number; readonly fetchMs: number }): number {
  return Math.round(info.embedMs + info.searchMs + info.fetchMs);
}
