import { doiAddress } from '../shared/doi';
import { captionOf } from '../shared/figure-text';
import { FigureLink } from '../shared/place-link';
import { text } from '../text';
import type { ArticleHit } from './queries';
import { Snippet } from './snippet';

interface ArticlesProps {
  readonly hits: readonly ArticleHit[];
  readonly onOpen: (figureId: string) => void;
}

/** Articles, each with the figures that made it fit, best first. */
export function Articles({ hits, onOpen }: ArticlesProps) {
  return (
    <ol class="articles">
      {hits.map((hit) => (
        <ArticleItem key={hit.article.id} hit={hit} onOpen={onOpen} />
      ))}
    </ol>
  );
}

/** Figures below this share of the best one's score are not why an article was found. */
const shareOfBest = 0.6;

function ArticleItem({
  hit: { article, figures },
  onOpen,
}: { readonly hit: ArticleHit } & Pick<ArticlesProps, 'onOpen'>) {
  const best = figures[0]?.score ?? 0;
  const isWhy = ({ score, isMatch }: ArticleHit['figures'][number], index: number): boolean =>
    index === 0 || (isMatch !== false && score >= shareOfBest * best);
  const others = figures.filter((figure, index) => !isWhy(figure, index));
  return (
    <li>
      <h2>
        <ArticleLink article={article} />
      </h2>
      <p class="quiet">
        {[article.authors.slice(0, 3).join(', '), article.journal, article.year, article.license]
          .filter(Boolean)
          .join(' · ')}{' '}
        {article.retracted && <strong class="retracted">{text.results.retracted}</strong>}{' '}
        {article.doi !== null && (
          <a href={doiAddress(article.doi)} rel="noreferrer noopener" target="_blank">
            {text.results.doi(article.doi)}
          </a>
        )}
      </p>
      <ul class="article-figures">
        {figures.filter(isWhy).map((figure) => (
          <ArticleFigure key={figure.figure.id} hit={figure} onOpen={onOpen} />
        ))}
      </ul>
      {others.length > 0 && (
        <details>
          <summary class="quiet">{text.results.articleFigures(others.length)}</summary>
          <ul class="article-figures">
            {others.map((figure) => (
              <ArticleFigure key={figure.figure.id} hit={figure} onOpen={onOpen} />
            ))}
          </ul>
        </details>
      )}
    </li>
  );
}

function ArticleLink({ article: { title, url } }: Pick<ArticleHit, 'article'>) {
  if (url === null) return <>{title}</>;
  return (
    <a href={url} rel="noreferrer noopener" target="_blank">
      {title}
    </a>
  );
}

interface ArticleFigureProps {
  readonly hit: ArticleHit['figures'][number];
  readonly onOpen: (figureId: string) => void;
}

/** A figure beside its caption. */
function ArticleFigure({ hit: { figure, snippet }, onOpen }: ArticleFigureProps) {
  const words = captionOf(figure);
  return (
    <li>
      <FigureLink class="cell" figureId={figure.id} onOpen={onOpen}>
        <img src={figure.imageUrl} alt={words} width={150} height={110} loading="lazy" />
        <span class="article-caption">
          {figure.label !== null && <strong>{figure.label} </strong>}
          {snippet == null ? words : <Snippet snippet={snippet} />}
        </span>
      </FigureLink>
    </li>
  );
}
