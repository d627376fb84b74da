import './search.css';
import { useEffect } from 'preact/hooks';
import type { Place } from '../place';
import { MorePages } from '../shared/more-pages';
import { usePages, type Pages } from '../shared/pages';
import { text } from '../text';
import { Articles } from './articles';
import { Browse } from './browse';
import type { CellActions } from './cell';
import { EmptyCorpus } from './empty-corpus';
import { Filters } from './filters';
import { Grid } from './grid';
import { inWords, Notes } from './answer-notes';
import { search, searchArticles, type ArticleHit, type ArticleHits, type Hit, type Hits } from './queries';
import { kindOfQuery, toFilter, toQuery } from './query';

export interface ResultsProps {
  readonly place: Place;
  readonly onChange: (place: Place) => void;
  /** Searches for a text in place of all words of the query. */
  readonly onSearchFor: (text: string) => void;
  /** Shows the figures that were found on the map of the corpus. */
  readonly onShowOnMap: () => void;
  /** Tells which figures are listed, in order: a figure that is opened knows the one before it and the one behind it. */
  readonly onListed: (figureIds: readonly string[]) => void;
  readonly actions: CellActions;
}

/** What fits the query, as figures or as articles; the corpus where nothing is asked. */
export function Results(props: ResultsProps) {
  if (toQuery(props.place) === null) return <Browse {...props} />;
  return props.place.view === 'articles' ? <ArticleResults {...props} /> : <FigureResults {...props} />;
}

function FigureResults(props: ResultsProps) {
  const { place, actions, onListed } = props;
  const query = toQuery(place);
  const filter = toFilter(place);
  const key = query === null ? null : JSON.stringify(['figures', query, filter]);
  const pages = usePages<Hit, Hits>({
    key,
    load: (after, signal) => search({ query: query ?? {}, filter, after }, signal),
    idOf: ({ figure }) => figure.id,
  });
  const { nodes } = pages;
  useEffect(() => {
    onListed(nodes.map(({ figure }) => figure.id));
  }, [nodes]);
  const matching = nodes.findLastIndex(({ isMatch }) => isMatch !== false) + 1;
  return (
    <Answer {...props} pages={pages}>
      <Grid hits={nodes} matching={matching} queryKind={kindOfQuery(place)} name={key ?? ''} actions={actions} />
    </Answer>
  );
}

function ArticleResults(props: ResultsProps) {
  const { place, actions, onListed } = props;
  const query = toQuery(place);
  const filter = toFilter(place);
  const key = query === null ? null : JSON.stringify(['articles', query, filter]);
  const pages = usePages<ArticleHit, ArticleHits>({
    key,
    load: (after, signal) => searchArticles({ query: query ?? {}, filter, after }, signal),
    idOf: ({ article }) => article.id,
  });
  const { nodes } = pages;
  useEffect(() => {
    onListed(nodes.flatMap(({ figures }) => figures.map(({ figure }) => figure.id)));
  }, [nodes]);
  return (
    <Answer {...props} pages={pages}>
      <Articles hits={nodes} onOpen={actions.onOpen} />
    </Answer>
  );
}

interface AnswerProps extends ResultsProps {
  readonly pages: Omit<Pages<unknown, Pick<Hits, 'info' | 'facets'>>, 'replace'>;
  readonly children: preact.ComponentChildren;
}

function Answer({ place, onChange, onSearchFor, onShowOnMap, pages, children }: AnswerProps) {
  const { first, nodes, isLoading } = pages;
  return (
    <main class="results" id="content" tabIndex={-1}>
      <Filters place={place} facets={first?.facets ?? null} onChange={onChange} />
      <div>
        <h1 class="visually-hidden">{place.text === '' ? text.titles.imageSearch : place.text}</h1>
        <p class="quiet" role="status">
          <ViewSwitch place={place} onChange={onChange} />{' '}
          {first === null ? (isLoading ? text.results.searching : '') : inWords(first.info, nodes.length, place)}{' '}
          {nodes.length > 0 && (
            <button type="button" class="chip" onClick={onShowOnMap}>
              {text.results.showOnMap}
            </button>
          )}
        </p>
        {first !== null && <Notes info={first.info} isEmpty={nodes.length === 0} onSearchFor={onSearchFor} />}
        {first !== null && nodes.length === 0 && <EmptyCorpus />}
        <MorePages pages={pages}>{children}</MorePages>
      </div>
    </main>
  );
}

function ViewSwitch({ place, onChange }: Pick<ResultsProps, 'place' | 'onChange'>) {
  return (
    <span class="switch" role="group" aria-label={text.results.show}>
      {(['figures', 'articles'] as const).map((view) => (
        <button
          type="button"
          key={view}
          aria-pressed={place.view === view}
          onClick={() => {
            onChange({ ...place, view });
          }}
        >
          {text.results[view]}
        </button>
      ))}
    </span>
  );
}
