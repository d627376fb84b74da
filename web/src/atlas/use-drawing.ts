import { useEffect, useRef, useState } from 'preact/hooks';
import { MapDrawing } from './map-drawing';
import { MapRenderer } from './map-renderer';
import type { MapLabel } from './place-labels';
import type { AtlasPoints } from './points';
import type { Size, ViewBox } from './view-box';

interface Drawing {
  readonly canvas: { readonly current: HTMLCanvasElement | null };
  /** The words as elements: they are hidden while they are part of the drawing. */
  readonly words: { readonly current: HTMLElement | null };
  readonly points: AtlasPoints;
  readonly labels: readonly MapLabel[];
  /** Rows that are drawn over the others; null: none. */
  readonly top: ReadonlySet<number> | null;
  /** uint8 [count, 4]. */
  readonly colors: Uint8Array;
  readonly view: ViewBox;
  readonly whole: ViewBox;
  readonly size: Size;
  readonly onUnable: () => void;
}

/** Draws whenever something changed; a graphics card that was reset is set up again. */
export function useDrawing(drawn: Drawing): void {
  const { canvas, words, points, labels, top, colors, view, whole, size, onUnable } = drawn;
  const drawing = useRef<MapDrawing | null>(null);
  const [resets, setResets] = useState(0);
  useEffect(() => {
    const element = canvas.current;
    if (element === null) return;
    const renderer = MapRenderer.open(element, { points, labels, top });
    if (renderer === null) {
      onUnable();
      return;
    }
    const opened = new MapDrawing(renderer, points.count, (isMoving) => {
      if (words.current !== null) words.current.style.visibility = isMoving ? 'hidden' : 'visible';
    });
    drawing.current = opened;
    const lose = (event: Event): void => event.preventDefault();
    const restore = (): void => setResets((before) => before + 1);
    element.addEventListener('webglcontextlost', lose);
    element.addEventListener('webglcontextrestored', restore);
    return () => {
      element.removeEventListener('webglcontextlost', lose);
      element.removeEventListener('webglcontextrestored', restore);
      opened.stop();
      drawing.current = null;
    };
  }, [points, top, resets]);
  useEffect(() => drawing.current?.setColors(colors), [colors, points, top, resets]);
  useEffect(() => {
    if (size.width === 0) return;
    drawing.current?.show({ view, size, pointSize: pointSizeOf(points.count, view.scale / whole.scale) });
  }, [view, size, points, top, resets]);
}

/** The diameter of a point in pixels: few points are larger, and all grow as one zooms in. */
function pointSizeOf(count: number, zoom: number): number {
  const whole = Math.min(9, Math.max(2.5, 13 - 2 * Math.log10(Math.max(1, count))));
  return Math.min(16, whole * Math.max(1, zoom) ** 0.3);
}
