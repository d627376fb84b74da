import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { useLoading } from '../shared/load';
import { atlasText } from './atlas-text';
import { FigureRow } from './figure-row';
import { none, type AtlasPoints } from './points';
import { atlasFigures } from './queries';

interface AtlasListProps {
  readonly points: AtlasPoints;
  /** Null: all. */
  readonly rows: ReadonlySet<number> | null;
  readonly onOpen: (figureId: string) => void;
}

interface ClusterRows {
  readonly key: number;
  readonly title: string;
  /** Nearest to its middle first. */
  readonly rows: readonly number[];
}

const firstShown = 12;
const moreShown = 60;

/** The map as text: clusters as headings with their figures. */
export function AtlasList({ points, rows, onOpen }: AtlasListProps) {
  const clusters = useMemo(() => clusterRows(points, rows), [points, rows]);
  return (
    <div class="atlas-list">
      {clusters.map((cluster) => (
        <ClusterSection key={`${points.generation} ${cluster.key}`} cluster={cluster} points={points} onOpen={onOpen} />
      ))}
    </div>
  );
}

interface ClusterSectionProps extends Omit<AtlasListProps, 'rows'> {
  readonly cluster: ClusterRows;
}

function ClusterSection({ cluster, points, onOpen }: ClusterSectionProps) {
  const box = useRef<HTMLElement>(null);
  const isNear = useIsNear(box);
  const [shown, setShown] = useState(firstShown);
  const { title, rows } = cluster;
  const ids = rows.slice(0, shown).map((row) => points.idOf(row));
  const key = isNear ? JSON.stringify([cluster.key, ids]) : null;
  const figures = useLoading(key, (signal) => atlasFigures(ids, signal), { keepWhile: title });
  const left = rows.length - shown;
  return (
    <section ref={box}>
      <h2>
        {title} <span class="quiet">{atlasText.figures(rows.length, rows.length)}</span>
      </h2>
      {figures.state === 'failed' && <p role="alert">{figures.message}</p>}
      {figures.state === 'ready' ? (
        <FigureRow figures={figures.data} onOpen={onOpen} />
      ) : (
        <p class="quiet atlas-row-waiting">{atlasText.loadingFigures}</p>
      )}
      {left > 0 && (
        <button type="button" onClick={() => setShown(shown + moreShown)}>
          {atlasText.moreOf(Math.min(left, moreShown))}
          <span class="visually-hidden"> {title}</span>
        </button>
      )}
    </section>
  );
}

function clusterRows(points: AtlasPoints, wanted: ReadonlySet<number> | null): readonly ClusterRows[] {
  const { cluster, clusters, x, y } = points;
  const rows = new Map<number, number[]>();
  cluster.forEach((number, row) => {
    if (wanted?.has(row) === false) return;
    const own = rows.get(number);
    if (own === undefined) rows.set(number, [row]);
    else own.push(row);
  });
  return [...rows]
    .sort(([one, a], [other, b]) => Number(one === none) - Number(other === none) || b.length - a.length)
    .map(([number, own]) => {
      const middle = clusters[number] ?? { x: 0.5, y: 0.5, words: [] };
      const distance = (row: number): number => ((x[row] ?? 0) - middle.x) ** 2 + ((y[row] ?? 0) - middle.y) ** 2;
      const title = number === none ? atlasText.noCluster : atlasText.cluster(middle.words, number);
      return { key: number, title, rows: own.sort((a, b) => distance(a) - distance(b)) };
    });
}

/** Whether the element has come near the part of the page that is seen. */
function useIsNear(box: { readonly current: HTMLElement | null }): boolean {
  const [isNear, setNear] = useState(false);
  useEffect(() => {
    const element = box.current;
    if (element === null || isNear) return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) setNear(true);
      },
      { rootMargin: '600px' },
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, [isNear]);
  return isNear;
}
