import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { atlasText } from './atlas-text';
import { FigureCard, type HoveredFigure } from './figure-card';
import { FramePacer } from './frame-pacer';
import { useMapGestures } from './map-gestures';
import { labelsOf, placeLabels } from './place-labels';
import { PointIndex } from './point-index';
import { PointRenderer } from './point-renderer';
import type { AtlasPoints } from './points';
import { useKept } from '../shared/use-kept';
import { useExtent } from '../shared/use-extent';
import { fitView, panBy, toMap, toScreen, zoomAt, type Point, type Size, type ViewBox } from './view-box';

interface AtlasMapProps {
  readonly points: AtlasPoints;
  /** Names the map: what is seen of it is kept while it is the same. */
  readonly name: string;
  /** uint8 [count, 4]. */
  readonly colors: Uint8Array;
  readonly isLasso: boolean;
  readonly onOpen: (figureId: string) => void;
  readonly onSelect: (rows: readonly number[]) => void;
  /** The browser cannot draw. */
  readonly onUnable: () => void;
}

/** How near the pointer has to come to a point, in pixels. */
const reach = 10;
const step = 60;
/** After a movement, in ms, all points are drawn. */
const restMs = 120;
const zoomStep = 1.4;

/** The map: points, the words of clusters, and the figure under the pointer. */
export function AtlasMap({ points, name, colors, isLasso, onOpen, onSelect, onUnable }: AtlasMapProps) {
  const frame = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const width = useExtent(frame, 'clientWidth');
  const height = useExtent(frame, 'clientHeight');
  const size = useMemo(() => ({ width, height }), [width, height]);
  const whole = useMemo(() => fitView(points, size), [points, size]);
  const [moved, setMoved] = useKept<ViewBox | null>(`view ${name}`, null);
  const [hovered, setHovered] = useState<HoveredFigure | null>(null);
  const [path, setPath] = useState<readonly Point[] | null>(null);
  const index = useMemo(() => new PointIndex(points), [points]);
  const view = moved ?? whole;
  useEffect(() => {
    setHovered(null);
  }, [points]);
  useDrawing({ canvas, points, colors, view, whole, size, onUnable });

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
  useMapGestures(canvas, isLasso, {
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
      <canvas
        ref={canvas}
        class={`${isLasso ? 'draws' : ''} ${hovered === null ? '' : 'points-at'}`}
        tabIndex={0}
        role="application"
        aria-label={atlasText.map}
      />
      <ClusterLabels points={points} view={view} size={size} />
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

interface Drawing {
  readonly canvas: { readonly current: HTMLCanvasElement | null };
  readonly points: AtlasPoints;
  readonly colors: Uint8Array;
  readonly view: ViewBox;
  readonly whole: ViewBox;
  readonly size: Size;
  readonly onUnable: () => void;
}

/** Draws whenever something changed; a graphics card that was reset is set up again. */
function useDrawing({ canvas, points, colors, view, whole, size, onUnable }: Drawing): void {
  const renderer = useRef<PointRenderer | null>(null);
  const pacer = useRef(new FramePacer());
  const [resets, setResets] = useState(0);
  useEffect(() => {
    const element = canvas.current;
    if (element === null) return;
    const opened = PointRenderer.open(element, points);
    renderer.current = opened;
    if (opened === null) onUnable();
    const lose = (event: Event): void => event.preventDefault();
    const restore = (): void => setResets((before) => before + 1);
    element.addEventListener('webglcontextlost', lose);
    element.addEventListener('webglcontextrestored', restore);
    return () => {
      element.removeEventListener('webglcontextlost', lose);
      element.removeEventListener('webglcontextrestored', restore);
      renderer.current = null;
    };
  }, [points, resets]);
  useEffect(() => renderer.current?.setColors(colors), [colors, points, resets]);
  useEffect(() => {
    if (size.width === 0) return;
    const pointSize = pointSizeOf(points.count, view.scale / whole.scale);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const request = requestAnimationFrame((now) => {
      const share = pacer.current.next(now);
      renderer.current?.draw(view, size, { pointSize, share });
      if (share < 1) timer = setTimeout(() => renderer.current?.draw(view, size, { pointSize, share: 1 }), restMs);
    });
    return () => {
      cancelAnimationFrame(request);
      clearTimeout(timer);
    };
  }, [view, size, colors, points, resets]);
}

/** The diameter of a point in pixels: few points are larger, and all grow as one zooms in. */
function pointSizeOf(count: number, zoom: number): number {
  const whole = Math.min(9, Math.max(2.5, 13 - 2 * Math.log10(Math.max(1, count))));
  return Math.min(16, whole * Math.max(1, zoom) ** 0.3);
}

interface ClusterLabelsProps {
  readonly points: AtlasPoints;
  readonly view: ViewBox;
  readonly size: Size;
}

function ClusterLabels({ points, view, size }: ClusterLabelsProps) {
  const labels = useMemo(() => labelsOf(points), [points]);
  return (
    <div class="atlas-labels" aria-hidden="true">
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
