import { oneFigure, type FigureDetail } from './client';
import { Grid } from './grid';
import { useLoading } from './load';

interface FigureViewProps {
  readonly id: string;
  readonly onOpen: (figureId: string) => void;
  /** Search by this figure, with what is asked already. */
  readonly onUse: (figureId: string) => void;
  readonly onClose: () => void;
}

/** One figure: large, with its caption, source and licence, and the figures like it. */
export function FigureView({ id, onOpen, onUse, onClose }: FigureViewProps) {
  const figure = useLoading(id, (signal) => oneFigure(id, signal));
  return (
    <main class="figure">
      <button type="button" class="back" onClick={onClose}>
        ← Results
      </button>{' '}
      <button
        type="button"
        class="back"
        onClick={() => {
          onUse(id);
        }}
      >
        Search with this figure
      </button>
      {figure.state === 'loading' && <p role="status">Loading the figure…</p>}
      {figure.state === 'failed' && <p role="alert">{figure.message}</p>}
      {figure.state === 'ready' &&
        (figure.data === null ? <p>There is no such figure.</p> : <Detail figure={figure.data} onOpen={onOpen} />)}
    </main>
  );
}

function Detail({ figure, onOpen }: { readonly figure: FigureDetail; readonly onOpen: (id: string) => void }) {
  const { article } = figure;
  return (
    <>
      <div class="detail">
        <img src={figure.imageUrl} alt={figure.alt ?? figure.caption} width={figure.width} height={figure.height} />
        <div class="words">
          <h1>{article?.title ?? figure.label ?? 'Figure'}</h1>
          {article !== null && (
            <p class="quiet">
              {[article.authors.slice(0, 4).join(', '), article.journal, article.year].filter(Boolean).join(' · ')}{' '}
              {isLink(article.url) && (
                <a href={article.url} rel="noreferrer noopener" target="_blank">
                  source
                </a>
              )}
            </p>
          )}
          <p>
            {figure.label !== null && <strong>{figure.label} </strong>}
            {figure.caption}
          </p>
          {figure.labels.length > 0 && (
            <ul class="labels">
              {figure.labels.map((label) => (
                <li key={label}>{label}</li>
              ))}
            </ul>
          )}
          <p class="quiet">{figure.attribution}</p>
        </div>
      </div>
      <h2>Similar figures</h2>
      <Grid hits={figure.similar.nodes} onOpen={onOpen} />
    </>
  );
}

// The source of a link is somebody's data: only web addresses become links.
function isLink(url: string | null | undefined): url is string {
  return url?.startsWith('https://') === true || url?.startsWith('http://') === true;
}
