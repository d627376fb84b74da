import type { ArticleHit } from './client';
import { Strip } from './thumbnail-strip';

interface ArticlesProps {
  readonly hits: readonly ArticleHit[];
  readonly onOpen: (figureId: string) => void;
}

/** Articles, each with the figures that made it fit. */
export function Articles({ hits, onOpen }: ArticlesProps) {
  return (
    <ol class="articles">
      {hits.map(({ article, figures }) => (
        <li key={article.id}>
          <h2>{article.title}</h2>
          <p class="quiet">
            {[article.authors.slice(0, 3).join(', '), article.journal, article.year].filter(Boolean).join(' · ')}
          </p>
          <Strip figures={figures.map(({ figure }) => figure)} onOpen={onOpen} />
        </li>
      ))}
    </ol>
  );
}
