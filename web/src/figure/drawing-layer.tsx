import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';
import type { Region } from '../place';
import { followPointer } from '../shared/pointer';

interface DrawingLayerProps {
  /** Called while a box is drawn on free ground, with the box so far, in fractions of the image. */
  readonly onDraw: (box: Region) => void;
  /** The pointer was released. */
  readonly onEnd?: () => void;
  /** The boxes that are there. */
  readonly children: ComponentChildren;
}

/** A movement below this, in fractions of the image, is a click and draws nothing. */
const smallest = 0.01;

/** Lies over an image and takes drags as new boxes. */
export function DrawingLayer({ onDraw, onEnd, children }: DrawingLayerProps) {
  // A drag outlasts many renderings.
  const latest = useRef({ onDraw, onEnd });
  latest.current = { onDraw, onEnd };
  return (
    <div
      class="drawing"
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.preventDefault();
        const { left, top, width, height } = event.currentTarget.getBoundingClientRect();
        const at = ({ clientX, clientY }: PointerEvent) => ({
          x: Math.min(1, Math.max(0, (clientX - left) / width)),
          y: Math.min(1, Math.max(0, (clientY - top) / height)),
        });
        const from = at(event);
        const draw = (next: PointerEvent): void => {
          const to = at(next);
          const box = {
            x: Math.min(from.x, to.x),
            y: Math.min(from.y, to.y),
            width: Math.abs(to.x - from.x),
            height: Math.abs(to.y - from.y),
          };
          if (box.width >= smallest && box.height >= smallest) latest.current.onDraw(box);
        };
        followPointer(event, draw, () => latest.current.onEnd?.());
      }}
    >
      {children}
    </div>
  );
}
