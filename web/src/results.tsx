import { Articles } from './articles';
import { search, searchArticles, type ArticleHit, type ArticleHits, type Hit, type Hits } from './client';
import { Browse } from './browse';
import { Filters } from './filters';
import { Grid } from './grid';
import { MorePages } from './more-pages';
import { usePages } from './pages';
import type { Place } from './view-state';
import { toFilter, toQuery } from './query';

interface ResultsProps {
  readonly place: Place;
  /** Counts searches: the same one again repeats what failed. */
  readonly attempt: number;
  readonly onChange: (place: Place) => void;
  readonly onOpen: (figureId: string) => void;
  /** Searches for a text in place of all words of the query. */
  readonly onSearchFor: (text: string) => void;
}

/** The answer to a query; without one, the figures of the corpus. */
export function Results(props: ResultsProps) {
  if (toQuery(props.place) === null) return <Browse {...props} />;
  return props.place.view === 'articles' ? <ArticleResults {...props} /> : <FigureResults {...props} />;
}

function FigureResults(props: ResultsProps) {
  const { place } = props;
  const query = toQuery(place);
  const filter = toFilter(place);
  const key = query === null ? null : JSON.stringify(['figures', query, filter]);
  const pages = usePages<Hit, Hits>(
    key,
    (after, signal) => search({ query: query ?? {}, filter, after }, signal),
    props.attempt,
    ({ figure }) => figure.id,
  );
  return (
    <Answer {...props} pages={pages}>
      <MatchesFirst hits={pages.nodes} onOpen={props.onOpen} />
    </Answer>
  );
}

/** The hits, with a line behind the last one that matches. */
function MatchesFirst({
  hits,
  onOpen,
}: {
  readonly hits: readonly Hit[];
  readonly onOpen: (figureId: string) => void;
}) {
  const matching = hits.findLastIndex(({ isMatch }) => isMatch !== false) + 1;
  return (
    <>
      {matching > 0 && <Grid hits={hits.slice(0, matching)} onOpen={onOpen} />}
      {matching > 0 && matching < hits.length && (
        <p class="quiet match-line">The figures below are the nearest of those that do not match.</p>
      )}
      {matching < hits.length && <Grid hits={hits.slice(matching)} onOpen={onOpen} />}
    </>
  );
}

function ArticleResults(props: ResultsProps) {
  const { place } = props;
  const query = toQuery(place);
  const filter = toFilter(place);
  const key = query === null ? null : JSON.stringify(['articles', query, filter]);
  const pages = usePages<ArticleHit, ArticleHits>(
    key,
    (after, signal) => searchArticles({ query: query ?? {}, filter, after }, signal),
    props.attempt,
    ({ article }) => article.id,
  );
  return (
    <Answer {...props} pages={pages}>
      <Articles hits={pages.nodes} onOpen={props.onOpen} />
    </Answer>
  );
}

interface AnswerProps extends ResultsProps {
  readonly pages: {
    readonly nodes: readonly unknown[];
    readonly first: Pick<Hits, 'info' | 'facets'> | null;
    readonly isLoading: boolean;
    readonly message: string | null;
    readonly more: () => void;
    readonly retry: () => void;
  };
  readonly children: preact.ComponentChildren;
}

function Answer({ place, onChange, onSearchFor, pages, children }: AnswerProps) {
  const { first, nodes, isLoading } = pages;
  const expansions = first?.info.expansions ?? [];
  const suggestedText = first?.info.suggestedText ?? null;
  const unconstrainedText = nodes.length === 0 ? (first?.info.unconstrainedText ?? null) : null;
  return (
    <main class="results">
      <Filters place={place} facets={first?.facets ?? null} onChange={onChange} />
      <div>
        <p class="quiet" role="status">
          <ViewSwitch place={place} onChange={onChange} />{' '}
          {first === null ? (isLoading ? 'Searching…' : '') : inWords(first.info, nodes.length, place)}
        </p>
        {expansions.length > 0 && <Expansions expansions={expansions} />}
        {suggestedText !== null && <SuggestedSearch text={suggestedText} onSearchFor={onSearchFor} />}
        {unconstrainedText !== null && <UnconstrainedSearch text={unconstrainedText} onSearchFor={onSearchFor} />}
        <MorePages pages={pages}>{children}</MorePages>
      </div>
    </main>
  );
}

function ViewSwitch({ place, onChange }: Pick<ResultsProps, 'place' | 'onChange'>) {
  return (
    <span class="switch" role="group" aria-label="Show">
      {(['figures', 'articles'] as const).map((view) => (
        <button
          type="button"
          key={view}
          aria-pressed={place.view === view}
          onClick={() => {
            onChange({ ...place, view });
          }}
        >
          {view}
        </button>
      ))}
    </span>
  );
}

/** Says which words were looked for beside those that were typed. */
function Expansions({ expansions }: Pick<Hits['info'], 'expansions'>) {
  const each = expansions.map(({ words, synonyms }) => `${synonyms.join(', ')} (${words})`);
  return (
    <p class="quiet">Also looked for: {each.join('; ')}. Words in quotation marks are looked for as they stand.</p>
  );
}

/** Offers the query with a word of the corpus in place of a misspelled one. */
function SuggestedSearch({ text, onSearchFor }: Pick<ResultsProps, 'onSearchFor'> & { readonly text: string }) {
  return (
    <p class="offer">
      Did you mean{' '}
      <button
        type="button"
        class="chip"
        onClick={() => {
          onSearchFor(text);
        }}
      >
        {text}
      </button>
      ?
    </p>
  );
}

/** Offers the words of a query whose phrases, fields, ids and operators no figure fulfills. */
function UnconstrainedSearch({ text, onSearchFor }: Pick<ResultsProps, 'onSearchFor'> & { readonly text: string }) {
  return (
    <p class="offer">
      <button
        type="button"
        class="chip"
        onClick={() => {
          onSearchFor(text);
        }}
      >
        Search for {text}
      </button>
      <span class="quiet">without quotation marks, fields, ids and operators</span>
    </p>
  );
}

function inWords(info: Hits['info'], shown: number, place: Place): string {
  if (shown === 0 && info.unconstrainedText != null) {
    const figures = toFilter(place) === null ? 'figure' : 'figure that the filters allow';
    return `Nothing found: no ${figures} holds what the query requires.`;
  }
  if (shown === 0) return 'Nothing found. Try other words, or fewer filters.';
  if (info.matches === 0) return 'No figure matches these words. The nearest ones are shown.';
  const time = Math.round(info.embedMs + info.searchMs + info.fetchMs);
  return `best first of ${info.totalIsExact ? '' : 'at most '}${info.total} figures · ${time} ms`;
}
