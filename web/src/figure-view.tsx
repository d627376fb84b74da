import { oneFigure, type FigureDetail } from './client';
import { Grid } from './grid';
import { useLoading } from './load';
import { useMasks } from './mask-layers';
import { MaskOverlays, MaskPanel } from './masks';
import { Reused } from './reused';
import { Strip } from './thumbnail-strip';
import { useWhere, WhereButton } from './relevance-overlay';

interface FigureViewProps {
  readonly id: string;
  /** What was searched for; may be empty. */
  readonly text: string;
  readonly onOpen: (figureId: string) => void;
  /** Search by this figure, or by what one of its masks outlines, with what is asked already. */
  readonly onUse: (kind: 'figure' | 'mask', id: string) => void;
  readonly onClose: () => void;
}

/** One figure: large, with its caption, source and license, and the figures like it. */
export function FigureView({ id, text, onOpen, onUse, onClose }: FigureViewProps) {
  const figure = useLoading(JSON.stringify([id, text]), (signal) => oneFigure(id, text, signal));
  return (
    <main class="figure">
      <button type="button" class="back" onClick={onClose}>
        ← Results
      </button>{' '}
      <button
        type="button"
        class="back"
        onClick={() => {
          onUse('figure', id);
        }}
      >
        Search with this figure
      </button>
      {figure.state === 'loading' && <p role="status">Loading the figure…</p>}
      {figure.state === 'failed' && <p role="alert">{figure.message}</p>}
      {figure.state === 'ready' &&
        (figure.data === null ? (
          <p>There is no such figure.</p>
        ) : (
          <Detail
            key={figure.data.id}
            figure={figure.data}
            text={text}
            onOpen={onOpen}
            onUseMask={(maskId) => {
              onUse('mask', maskId);
            }}
          />
        ))}
    </main>
  );
}

interface DetailProps {
  readonly figure: FigureDetail;
  readonly text: string;
  readonly onOpen: (id: string) => void;
  readonly onUseMask: (maskId: string) => void;
}

type Prediction = NonNullable<FigureDetail['panels'][number]['predicted']>;

/** That a figure with panels is compound is no guess. */
function predictionInWords({ method, figureType, ...rest }: Prediction): string {
  if (method === 'PANELS') return figureType;
  const { figureTypeProbability, modality, modalityProbability } = rest;
  const share = Math.round(100 * (modality === null ? figureTypeProbability : (modalityProbability ?? 0)));
  return `predicted from the image: ${modality ?? figureType} (${share} %)`;
}

/** What kind of figure it is: by its record, and as it was predicted. */
function KindLine({ figure: { modality, panels } }: { readonly figure: FigureDetail }) {
  const predicted = panels[0]?.predicted ?? null;
  const words = [modality, predicted === null ? null : predictionInWords(predicted)].filter((one) => one !== null);
  return words.length === 0 ? null : <p class="quiet">{words.join(' · ')}</p>;
}

/** As large as the place for it, of a small image three times its size at most. */
function shownWidth({ width, height }: FigureDetail): string {
  return `min(100%, ${(75 * width) / height}vh, ${3 * width}px)`;
}

function Detail({ figure, text, onOpen, onUseMask }: DetailProps) {
  const { article } = figure;
  const where = useWhere(figure.heatmapUrl ?? null);
  const masks = useMasks(figure.id);
  return (
    <>
      <div class="detail">
        <div class="picture">
          <div class="frame" style={{ width: shownWidth(figure) }}>
            <img src={figure.imageUrl} alt={figure.alt ?? figure.caption} width={figure.width} height={figure.height} />
            {where.overlay}
            <MaskOverlays masks={masks} figure={figure} />
          </div>
          <MaskPanel masks={masks} about={[figure.caption, figure.alt, ...figure.labels].join(' ')} onUse={onUseMask} />
          {where.canShow && (
            <p>
              <WhereButton where={where}>Where is “{text}”?</WhereButton>
            </p>
          )}
        </div>
        <div class="words">
          <h1>{article?.title ?? figure.label ?? 'Figure'}</h1>
          {article !== null && (
            <p class="quiet">
              {[article.authors.slice(0, 4).join(', '), article.journal, article.year].filter(Boolean).join(' · ')}{' '}
              {figure.sourceUrl != null && (
                <a href={figure.sourceUrl} rel="noreferrer noopener" target="_blank">
                  {figure.label ?? 'figure'} in its article
                </a>
              )}
            </p>
          )}
          <p>
            {figure.label !== null && <strong>{figure.label} </strong>}
            {figure.caption}
          </p>
          <KindLine figure={figure} />
          {figure.labels.length > 0 && (
            <ul class="labels">
              {figure.labels.map((label) => (
                <li key={label}>{label}</li>
              ))}
            </ul>
          )}
          {figure.mentions.length > 0 && (
            <details class="mentions">
              <summary>Mentioned in the article ({figure.mentions.length})</summary>
              {figure.mentions.map((mention) => (
                <p key={mention}>{mention}</p>
              ))}
            </details>
          )}
          <p class="quiet">{figure.attribution}</p>
        </div>
      </div>
      {figure.duplicates.length > 0 && (
        <>
          <h2>The same picture</h2>
          <Strip figures={figure.duplicates} onOpen={onOpen} />
        </>
      )}
      <Reused key={figure.id} id={figure.id} onOpen={onOpen} />
      <h2>Similar figures</h2>
      <Grid hits={figure.similar.nodes} onOpen={onOpen} />
    </>
  );
}
