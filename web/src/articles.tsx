import type { ArticleHit } from './client';

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
          <ul class="strip">
            {figures.map(({ figure }) => (
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
                    height={110}
                    width={Math.round(110 * Math.min(3, Math.max(0.5, figure.width / figure.height)))}
                    loading="lazy"
                  />
                </button>
              </li>
            ))}
          </ul>
        </li>
      ))}
    </ol>
  );
}
