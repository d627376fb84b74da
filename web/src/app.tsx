import { useRef, useState } from 'preact/hooks';
import { Chips } from './chips';
import { corpus } from './client';
import { FigureView } from './figure-view';
import { useLoading } from './load';
import { usePlace } from './view-state';
import { toQuery } from './query';
import { Results } from './results';
import { SearchBox } from './search-box';

export function App() {
  const [place, goTo] = usePlace();
  const [attempt, setAttempt] = useState(0);
  const input = useRef<HTMLInputElement>(null);
  const open = (figureId: string): void => {
    goTo({ ...place, figureId });
  };
  return (
    <>
      <header>
        <a class="name" href="/">
          figseek
        </a>
        <SearchBox
          text={place.text}
          input={input}
          onSearch={(text) => {
            setAttempt(attempt + 1);
            goTo({ ...place, text, figureId: null });
          }}
          onImage={(text, uploadId) => {
            // One image of one's own at a time; figures of the corpus come as terms of their own.
            const others = place.terms.filter(({ kind }) => kind !== 'upload');
            goTo({
              ...place,
              text,
              terms: [...others, { kind: 'upload', value: uploadId, weight: 1 }],
              figureId: null,
            });
          }}
        />
        {(toQuery(place) !== null || place.terms.length > 0) && (
          <Chips
            terms={place.terms}
            onChange={(terms) => {
              goTo({ ...place, terms, figureId: null });
            }}
          />
        )}
      </header>
      {place.figureId === null ? (
        <Results
          place={place}
          attempt={attempt}
          onOpen={open}
          onChange={goTo}
          onSearchFor={(text) => {
            // The text holds the words of all terms that draw.
            goTo({ ...place, text, terms: place.terms.filter(({ kind, weight }) => kind !== 'text' || weight < 0) });
            // The button that was pressed is gone; the text can be edited.
            input.current?.focus();
          }}
        />
      ) : (
        <FigureView
          id={place.figureId}
          text={place.text}
          onOpen={open}
          onUse={(kind, value) => {
            goTo({ ...place, terms: [...place.terms, { kind, value, weight: 1 }], figureId: null });
          }}
          onClose={() => {
            goTo({ ...place, figureId: null });
          }}
        />
      )}
      <Footer />
    </>
  );
}

/** What is searched, and by which model; permanent, so that nobody takes the starter for the real one. */
function Footer() {
  const state = useLoading('corpus', corpus);
  if (state.state !== 'ready') return <footer />;
  const { stats, models } = state.data;
  const active = models.find((model) => model.active);
  return (
    <footer>
      <span>
        {stats.figures} figures of {stats.articles} articles · model {stats.model}
      </span>
      {active?.name === 'starter' && (
        <span>
          The starter model is for trying the software, not for work. Get BiomedCLIP:{' '}
          <code>npx figseek models pull biomedclip</code>, then <code>npx figseek models use biomedclip</code>. Sample
          figures are drawn for demonstration.
        </span>
      )}
      {active?.name !== 'starter' && active?.warning && <span>{active.warning}</span>}
    </footer>
  );
}
