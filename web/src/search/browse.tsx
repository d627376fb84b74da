import { useEffect, useMemo, useState } from 'preact/hooks';
import { sorts, type Place } from '../place';
import { currentEntry } from '../shared/history-entry';
import { useLoading } from '../shared/load';
import { MorePages } from '../shared/more-pages';
import { usePages } from '../shared/pages';
import { text } from '../text';
import { Arriving } from './arriving';
import { EmptyCorpus } from './empty-corpus';
import { Filters } from './filters';
import { Grid } from './grid';
import { browse, browseFacets, type FigurePage, type ShownFigure } from './queries';
import { toFilter } from './query';
import type { ResultsProps } from './results';

/** The figures of the corpus that the filters allow, and what can be asked. */
export function Browse({ place, onChange, onListed, actions }: ResultsProps) {
  const filter = toFilter(place);
  const { sort } = place;
  // Counts how often the reader asked for what has come meanwhile.
  const [version, setVersion] = useState(0);
  const key = JSON.stringify(['browse', sort, filter, version]);
  const pages = usePages<ShownFigure, FigurePage>({
    key,
    load: (after, signal) => browse({ filter, sort, after }, signal),
    idOf: ({ id }) => id,
  });
  const facets = useLoading(JSON.stringify([filter, currentEntry(), version]), (signal) =>
    browseFacets(filter, signal),
  );
  const { first, nodes, isLoading } = pages;
  useEffect(() => {
    onListed(nodes.map(({ id }) => id));
  }, [nodes]);
  const items = useMemo(() => nodes.map((figure) => ({ figure })), [nodes]);
  // What only pushes away finds nothing, and an empty corpus has nothing to show.
  const isEmpty = first?.total === 0 && filter === null;
  const welcome = (
    <Welcome
      isEmpty={isEmpty}
      onTry={(words) => {
        onChange({ ...place, text: words });
      }}
    />
  );
  const arriving = (
    <Arriving
      isEmpty={first?.total === 0}
      onMore={() => {
        setVersion((before) => before + 1);
      }}
    />
  );
  if (isEmpty || place.terms.length > 0) {
    return (
      <main class="welcome" id="content" tabIndex={-1}>
        {place.terms.length > 0 && <p role="status">{text.results.onlyAway}</p>}
        {welcome}
        {arriving}
      </main>
    );
  }
  return (
    <main class="results" id="content" tabIndex={-1}>
      <Filters place={place} facets={facets.state === 'ready' ? facets.data : null} onChange={onChange} />
      <div>
        {filter === null ? <div class="welcome">{welcome}</div> : <h1 class="visually-hidden">{text.titles.browse}</h1>}
        {arriving}
        <p class="quiet" role="status">
          <SortSwitch place={place} onChange={onChange} />{' '}
          {first === null ? (isLoading ? text.results.loading : '') : inWords(first.total, place)}
        </p>
        <MorePages pages={pages}>
          <Grid hits={items} name={key} actions={actions} />
        </MorePages>
      </div>
    </main>
  );
}

function inWords(total: number, { sort }: Place): string {
  return total === 0 ? text.results.nothingBrowsed : text.results.total(total, text.results.orders[sort]);
}

function SortSwitch({ place, onChange }: Pick<ResultsProps, 'place' | 'onChange'>) {
  return (
    <span class="switch" role="group" aria-label={text.results.sortBy}>
      {sorts.map((sort) => (
        <button
          type="button"
          key={sort}
          aria-pressed={place.sort === sort}
          onClick={() => {
            onChange({ ...place, sort });
          }}
        >
          {text.results.sorts[sort]}
        </button>
      ))}
    </span>
  );
}

interface WelcomeProps {
  /** Whether there is nothing to be found. */
  readonly isEmpty: boolean;
  readonly onTry: (words: string) => void;
}

function Welcome({ isEmpty, onTry }: WelcomeProps) {
  if (isEmpty) {
    return (
      <>
        <h1>{text.results.welcome}</h1>
        <EmptyCorpus />
      </>
    );
  }
  return (
    <>
      <h1>{text.results.welcome}</h1>
      <p>
        {text.results.examples.map((example) => (
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
    </>
  );
}
