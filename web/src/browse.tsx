import { browse, browseFacets, type FigurePage, type ShownFigure } from './client';
import { Filters } from './filters';
import { Grid } from './grid';
import { useLoading } from './load';
import { MorePages } from './more-pages';
import { usePages } from './pages';
import { toFilter } from './query';
import { sorts, type Place, type Sort } from './view-state';

interface BrowseProps {
  readonly place: Place;
  /** Counts searches: the same one again repeats what failed. */
  readonly attempt: number;
  readonly onChange: (place: Place) => void;
  readonly onOpen: (figureId: string) => void;
}

const examples = [
  'blood smear',
  'chest radiograph with effusion',
  'western blot',
  'survival curve',
  'fundus photograph',
];

const sortWords: Readonly<Record<Sort, string>> = { NEWEST: 'newest', YEAR: 'year', ARTICLE: 'article' };
const orderWords: Readonly<Record<Sort, string>> = {
  NEWEST: 'newest first',
  YEAR: 'latest year first',
  ARTICLE: 'by the titles of their articles',
};

/** The figures of the corpus that the filters allow, and what can be asked. */
export function Browse({ place, attempt, onChange, onOpen }: BrowseProps) {
  const filter = toFilter(place);
  const { sort } = place;
  const pages = usePages<ShownFigure, FigurePage>(
    JSON.stringify(['browse', sort, filter]),
    (after, signal) => browse({ filter, sort, after }, signal),
    attempt,
    ({ id }) => id,
  );
  const facets = useLoading(JSON.stringify(filter), (signal) => browseFacets(filter, signal));
  const { first, nodes, isLoading } = pages;
  const welcome = (
    <Welcome
      onTry={(text) => {
        onChange({ ...place, text });
      }}
    />
  );
  // What only pushes away finds nothing, and an empty corpus has nothing to show.
  const isEmpty = first?.total === 0 && filter === null;
  if (isEmpty || place.terms.length > 0) return <main class="welcome">{welcome}</main>;
  return (
    <main class="results">
      <Filters place={place} facets={facets.state === 'ready' ? facets.data : null} onChange={onChange} />
      <div>
        {filter === null && <div class="welcome">{welcome}</div>}
        <p class="quiet" role="status">
          <SortSwitch place={place} onChange={onChange} />{' '}
          {first === null ? (isLoading ? 'Loading…' : '') : inWords(first.total, sort)}
        </p>
        <MorePages pages={pages}>
          <Grid hits={nodes.map((figure) => ({ figure }))} onOpen={onOpen} />
        </MorePages>
      </div>
    </main>
  );
}

function inWords(total: number, sort: Sort): string {
  if (total === 0) return 'Nothing found. Try fewer filters.';
  return `${total === 1 ? '1 figure' : `${total} figures`}, ${orderWords[sort]}`;
}

function SortSwitch({ place, onChange }: Pick<BrowseProps, 'place' | 'onChange'>) {
  return (
    <span class="switch" role="group" aria-label="Sort by">
      {sorts.map((sort) => (
        <button
          type="button"
          key={sort}
          aria-pressed={place.sort === sort}
          onClick={() => {
            onChange({ ...place, sort });
          }}
        >
          {sortWords[sort]}
        </button>
      ))}
    </span>
  );
}

function Welcome({ onTry }: { readonly onTry: (text: string) => void }) {
  return (
    <>
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
    </>
  );
}
