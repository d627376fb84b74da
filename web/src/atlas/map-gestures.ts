import { useEffect, useRef } from 'preact/hooks';
import type { Point } from './view-box';

/** What a person does with the map; places are in pixels from its upper left corner. */
export interface MapGestures {
  readonly onPan: (dx: number, dy: number) => void;
  readonly onZoom: (factor: number, at: Point) => void;
  readonly onHover: (at: Point | null) => void;
  /** @param isTouch a finger has shown nothing before */
  readonly onClick: (at: Point, isTouch: boolean) => void;
  /** While a lasso is drawn; null at its end. */
  readonly onDraw: (path: readonly Point[] | null) => void;
  readonly onLasso: (path: readonly Point[]) => void;
  readonly onKey: (key: string) => boolean;
}

/** A pointer that moves less than this, in pixels, has clicked. */
const clickSlack = 5;
/** Of the wheel: one notch of 100 zooms by about 1.2. */
const wheelZoom = 0.0018;

/**
 * Drag moves, wheel and two fingers zoom, a click opens; with Shift, or where `isLasso`, a drag draws.
 * @param surface what shows the map
 */
export function useMapGestures(
  surface: { readonly current: HTMLElement | null },
  isLasso: boolean,
  gestures: MapGestures,
): void {
  const latest = useRef({ gestures, isLasso });
  latest.current = { gestures, isLasso };
  useEffect(() => {
    const element = surface.current;
    if (element === null) return;
    const tracker = new PointerTracker(element, () => latest.current);
    const listeners: readonly [string, (event: Event) => void][] = [
      ['pointerdown', (event) => tracker.down(event as PointerEvent)],
      ['pointermove', (event) => tracker.move(event as PointerEvent)],
      ['pointerup', (event) => tracker.up(event as PointerEvent)],
      ['pointercancel', (event) => tracker.cancel(event as PointerEvent)],
      ['pointerleave', () => latest.current.gestures.onHover(null)],
      ['wheel', (event) => tracker.wheel(event as WheelEvent)],
      [
        'keydown',
        (event) => {
          const { key, ctrlKey, metaKey, altKey } = event as KeyboardEvent;
          if (!ctrlKey && !metaKey && !altKey && latest.current.gestures.onKey(key)) event.preventDefault();
        },
      ],
    ];
    for (const [name, listener] of listeners) element.addEventListener(name, listener, { passive: false });
    return () => {
      for (const [name, listener] of listeners) element.removeEventListener(name, listener);
    };
  }, [surface.current]);
}

class PointerTracker {
  private readonly pointers = new Map<number, Point>();
  private path: Point[] | null = null;
  private moved = 0;

  constructor(
    private readonly element: HTMLElement,
    private readonly latest: () => { readonly gestures: MapGestures; readonly isLasso: boolean },
  ) {}

  down(event: PointerEvent): void {
    if (event.button !== 0) return;
    const at = this.placeOf(event);
    this.element.setPointerCapture(event.pointerId);
    this.pointers.set(event.pointerId, at);
    this.moved = 0;
    const { isLasso, gestures } = this.latest();
    const draws = this.pointers.size === 1 && (isLasso || event.shiftKey);
    if (!draws && this.path !== null) gestures.onDraw(null);
    this.path = draws ? [at] : null;
  }

  move(event: PointerEvent): void {
    const at = this.placeOf(event);
    const before = this.pointers.get(event.pointerId);
    const { gestures } = this.latest();
    if (before === undefined) {
      if (event.pointerType !== 'touch') gestures.onHover(at);
      return;
    }
    this.moved += Math.hypot(at.x - before.x, at.y - before.y);
    if (this.path !== null) {
      this.path.push(at);
      gestures.onDraw(this.path);
    } else if (this.pointers.size === 2) this.pinch(event.pointerId, before, at);
    else if (this.moved > clickSlack) gestures.onPan(at.x - before.x, at.y - before.y);
    this.pointers.set(event.pointerId, at);
  }

  up(event: PointerEvent): void {
    if (!this.pointers.delete(event.pointerId)) return;
    const { gestures } = this.latest();
    const { path } = this;
    this.path = null;
    if (path !== null) gestures.onDraw(null);
    if (this.moved <= clickSlack) gestures.onClick(this.placeOf(event), event.pointerType === 'touch');
    else if (path !== null) gestures.onLasso(path);
  }

  cancel({ pointerId }: PointerEvent): void {
    this.pointers.delete(pointerId);
    if (this.path !== null) this.latest().gestures.onDraw(null);
    this.path = null;
  }

  wheel(event: WheelEvent): void {
    event.preventDefault();
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
    this.latest().gestures.onZoom(Math.exp(-event.deltaY * lines * wheelZoom), this.placeOf(event));
  }

  /** Two fingers: their distance zooms, their middle moves. */
  private pinch(id: number, before: Point, now: Point): void {
    const other = [...this.pointers].find(([key]) => key !== id)?.[1];
    if (other === undefined) return;
    const { gestures } = this.latest();
    const distance = (point: Point): number => Math.max(1, Math.hypot(point.x - other.x, point.y - other.y));
    gestures.onPan((now.x - before.x) / 2, (now.y - before.y) / 2);
    gestures.onZoom(distance(now) / distance(before), { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 });
  }

  private placeOf({ clientX, clientY }: MouseEvent): Point {
    const { left, top } = this.element.getBoundingClientRect();
    return { x: clientX - left, y: clientY - top };
  }
}
