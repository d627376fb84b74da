import type { Ref } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { atlasText } from './atlas-text';
import { FigureCard, type HoveredFigure } from './figure-card';
import { useMapGestures } from './map-gestures';
import { labelsOf, placeLabels, type MapLabel } from './place-labels';
import { PointIndex } from './point-index';
import type { AtlasPoints } from './points';
import { useKept } from '../shared/use-kept';
import { useExtent } from '../shared/use-extent';
import { useDrawing } from './use-drawing';
import { fitView, panBy, toMap, toScreen, zoomAt, type Point, type Size, type ViewBox } from './view-box';

interface AtlasMapProps {
  readonly points: AtlasPoints;
  /** Names the map: what is seen of it is kept while it is the same. */
  readonly name: string;
  /** uint8 [count, 4]. */
  readonly colors: Uint8Array;
  /** Rows that are drawn over the others; null: none. */
  readonly top: ReadonlySet<number> | null;
  readonly isLasso: boolean;
  readonly onOpen: (figureId: string) => void;
  readonly onSelect: (rows: readonly number[]) => void;
  /** The browser cannot draw. */
  readonly onUnable: () => void;
}

/** How near the pointer has to come to a point, in pixels. */
const reach = 10;
const step = 60;
const zoomStep = 1.4;

/** The map: points, the words of clusters, and the figure under the pointer. */
export function AtlasMap({ points, name, colors, top, isLasso, onOpen, onSelect, onUnable }: AtlasMapProps) {
  const frame = useRef<HTMLDivElement>(null);
  const surface = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const words = useRef<HTMLDivElement>(null);
  const width = useExtent(frame, 'clientWidth');
  const height = useExtent(frame, 'clientHeight');
  const size = useMemo(() => ({ width, height }), [width, height]);
  const whole = useMemo(() => fitView(points, size), [points, size]);
  const [moved, setMoved] = useKept<ViewBox | null>(`view ${name}`, null);
  const [hovered, setHovered] = useState<HoveredFigure | null>(null);
  const [path, setPath] = useState<readonly Point[] | null>(null);
  const index = useMemo(() => new PointIndex(points), [points]);
  const labels = useMemo(() => labelsOf(points), [points]);
  const view = moved ?? whole;
  useEffect(() => {
    setHovered(null);
  }, [points]);
  useDrawing({ canvas, words, points, labels, top, colors, view, whole, size, onUnable });

  const change = (next: (before: ViewBox) => ViewBox): void => {
    setHovered(null);
    setMoved((before) => next(before ?? whole));
  };
  const zoom = (factor: number, at: Point = { x: size.width / 2, y: size.height / 2 }): void => {
    change((before) => zoomAt(before, factor, at, { size, whole }));
  };
  const find = (at: Point): HoveredFigure | null => {
    const row = index.nearest(toMap(view, size, at), reach / view.scale);
    if (row === null) return null;
    const place = toScreen(view, size, { x: points.x[row] ?? 0, y: points.y[row] ?? 0 });
    return { row, id: points.idOf(row), ...place };
  };
  const keys: Readonly<Record<string, () => void>> = {
    ArrowLeft: () => change((before) => panBy(before, step, 0)),
    ArrowRight: () => change((before) => panBy(before, -step, 0)),
    ArrowUp: () => change((before) => panBy(before, 0, step)),
    ArrowDown: () => change((before) => panBy(before, 0, -step)),
    '+': () => zoom(zoomStep),
    '=': () => zoom(zoomStep),
    '-': () => zoom(1 / zoomStep),
    '0': () => setMoved(() => null),
  };
  useMapGestures(surface, isLasso, {
    onPan: (dx, dy) => change((before) => panBy(before, dx, dy)),
    onZoom: zoom,
    onHover: (at) => {
      const next = at === null ? null : find(at);
      setHovered((before) => (before?.row === next?.row ? before : next));
    },
    onClick: (at, isTouch) => {
      const found = find(at);
      if (isTouch) setHovered(found);
      else if (found !== null) onOpen(found.id);
    },
    onDraw: (drawn) => setPath(drawn === null ? null : [...drawn]),
    onLasso: (drawn) => onSelect(index.inside(drawn.map((at) => toMap(view, size, at)))),
    onKey: (key) => {
      keys[key]?.();
      return key in keys;
    },
  });

  return (
    <div class="atlas-frame" ref={frame}>
      <div
        ref={surface}
        class={`atlas-surface ${isLasso ? 'draws' : ''} ${hovered === null ? '' : 'points-at'}`}
        tabIndex={0}
        role="application"
        aria-label={atlasText.map}
      >
        <canvas ref={canvas} />
      </div>
      <ClusterLabels box={words} labels={labels} view={view} size={size} />
      {path !== null && <LassoPath path={path} />}
      {hovered !== null && <FigureCard figure={hovered} frame={size} onOpen={onOpen} />}
      <div class="atlas-zoom">
        <button type="button" title={atlasText.zoomIn} aria-label={atlasText.zoomIn} onClick={() => zoom(zoomStep)}>
          +
        </button>
        <button
          type="button"
          title={atlasText.zoomOut}
          aria-label={atlasText.zoomOut}
          onClick={() => zoom(1 / zoomStep)}
        >
          −
        </button>
        <button
          type="button"
          title={atlasText.zoomAll}
          aria-label={atlasText.zoomAll}
          disabled={moved === null}
          onClick={() => setMoved(() => null)}
        >
          {atlasText.all}
        </button>
      </div>
    </div>
  );
}

interface ClusterLabelsProps {
  readonly box: Ref<HTMLDivElement>;
  readonly labels: readonly MapLabel[];
  readonly view: ViewBox;
  readonly size: Size;
}

function ClusterLabels({ box, labels, view, size }: ClusterLabelsProps) {
  return (
    <div class="atlas-labels" aria-hidden="true" ref={box}>
      {placeLabels(labels, view, size).map(({ text, cluster, x, y }) => (
        <span key={cluster} style={{ transform: `translate(${x}px, ${y}px) translate(-50%, -50%)` }}>
          {text}
        </span>
      ))}
    </div>
  );
}

function LassoPath({ path }: { readonly path: readonly Point[] }) {
  return (
    <svg class="atlas-lasso" aria-hidden="true">
      <polygon points={path.map(({ x, y }) => `${x},${y}`).join(' ')} />
    </svg>
  );
}
