import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { followPointer } from '../shared/pointer';
import { text } from '../text';

interface StageProps {
  /** Of the image, in pixels. */
  readonly width: number;
  readonly height: number;
  /** Whether a drag draws or edits instead of moving the image. */
  readonly isDrawing: boolean;
  /** The image and what lies over it. */
  readonly children: ComponentChildren;
  /** Further tools beside those for zoom. */
  readonly tools: ComponentChildren;
}

interface View {
  /** 1: the whole image fits. */
  readonly scale: number;
  /** How far the image is moved from the middle, in shares of its shown size. */
  readonly x: number;
  readonly y: number;
}

const whole: View = { scale: 1, x: 0, y: 0 };
const maxScale = 16;
const zoomStep = 1.5;

/** The image can be moved until its edge comes to the edge of the stage. */
function inside({ scale, x, y }: View): View {
  const bounded = Math.min(maxScale, Math.max(1, scale));
  const limit = (bounded - 1) / 2;
  return { scale: bounded, x: Math.min(limit, Math.max(-limit, x)), y: Math.min(limit, Math.max(-limit, y)) };
}

function transformOf({ scale, x, y }: View): { readonly transform: string } {
  return { transform: `translate(${100 * x}%, ${100 * y}%) scale(${scale})` };
}

/** As large as the place for it; of a small image three times its size at most. */
function shownWidth({ width, height }: Pick<StageProps, 'width' | 'height'>): string {
  return `min(100%, ${(75 * width) / height}vh, ${3 * width}px)`;
}

/** An image that can be zoomed (wheel, +, −, 0) and moved (drag), also full screen. */
export function Stage({ width, height, isDrawing, children, tools }: StageProps) {
  const [view, setView] = useState(whole);
  const stage = useRef<HTMLDivElement>(null);
  const zoom = (factor: number, at = { x: 0, y: 0 }): void => {
    setView((before) => {
      const scale = Math.min(maxScale, Math.max(1, before.scale * factor));
      const change = scale / before.scale;
      // What lies under the pointer stays under it.
      return inside({ scale, x: at.x + (before.x - at.x) * change, y: at.y + (before.y - at.y) * change });
    });
  };
  const move = (x: number, y: number): void => {
    setView((before) => inside({ ...before, x: before.x + x, y: before.y + y }));
  };
  useWheel(stage, zoom);
  const keys: Readonly<Record<string, () => void>> = {
    '+': () => {
      zoom(zoomStep);
    },
    '=': () => {
      zoom(zoomStep);
    },
    '-': () => {
      zoom(1 / zoomStep);
    },
    '0': () => {
      setView(whole);
    },
  };
  return (
    <div class="stage-box">
      <div
        ref={stage}
        class={view.scale > 1 ? 'stage zoomed' : 'stage'}
        style={{ width: shownWidth({ width, height }), aspectRatio: `${width} / ${height}` }}
        tabIndex={0}
        role="group"
        aria-label={text.figure.stage}
        onKeyDown={(event) => {
          const act = event.ctrlKey || event.metaKey || event.altKey ? undefined : keys[event.key];
          if (act === undefined) return;
          event.preventDefault();
          act();
        }}
        onPointerDown={(event) => {
          if (!isDrawing && view.scale > 1) followDrag(event, move);
        }}
      >
        <div class="frame" style={{ ...transformOf(view), '--zoom': view.scale }}>
          {children}
        </div>
      </div>
      <p class="tools">
        <ToolButton label={text.figure.zoomIn} act={keys['+']}>
          +
        </ToolButton>
        <ToolButton label={text.figure.zoomOut} act={keys['-']} isDisabled={view.scale === 1}>
          −
        </ToolButton>
        <ToolButton label={text.figure.zoomReset} act={keys['0']} isDisabled={view.scale === 1}>
          1:1
        </ToolButton>
        <ToolButton
          label={text.figure.fullScreen}
          act={() => {
            void stage.current?.parentElement?.requestFullscreen();
          }}
        >
          {text.figure.fullScreen}
        </ToolButton>
        {tools}
      </p>
    </div>
  );
}

interface ToolButtonProps {
  readonly label: string;
  readonly act: (() => void) | undefined;
  readonly isDisabled?: boolean;
  readonly children: ComponentChildren;
}

function ToolButton({ label, act, isDisabled = false, children }: ToolButtonProps) {
  return (
    <button type="button" aria-label={label} title={label} disabled={isDisabled} onClick={() => act?.()}>
      {children}
    </button>
  );
}

type Zoom = (factor: number, at: { readonly x: number; readonly y: number }) => void;

/** The wheel zooms with Ctrl, as in maps that are part of a page; without it the page scrolls. A pinch comes as a wheel with Ctrl. */
function useWheel(stage: { readonly current: HTMLElement | null }, zoom: Zoom): void {
  const latest = useRef(zoom);
  latest.current = zoom;
  useEffect(() => {
    const element = stage.current;
    if (element === null) return;
    const handle = (event: WheelEvent): void => {
      if (!event.ctrlKey && document.fullscreenElement === null) return;
      event.preventDefault();
      const { left, top, width, height } = element.getBoundingClientRect();
      const at = { x: (event.clientX - left) / width - 0.5, y: (event.clientY - top) / height - 0.5 };
      latest.current(Math.exp(-event.deltaY / 300), at);
    };
    element.addEventListener('wheel', handle, { passive: false });
    return () => {
      element.removeEventListener('wheel', handle);
    };
  }, []);
}

/** A pointer that moves less than this, in pixels, has clicked. */
const clickSlack = 4;

/** Calls `move` with each movement of a drag, in shares of the size of the element. A drag is no click on what lies there. */
function followDrag(
  event: PointerEvent & { readonly currentTarget: HTMLElement },
  move: (x: number, y: number) => void,
): void {
  const element = event.currentTarget;
  event.preventDefault();
  element.focus({ preventScroll: true });
  const { width, height } = element.getBoundingClientRect();
  let [x, y] = [event.clientX, event.clientY];
  let distance = 0;
  const follow = (next: PointerEvent): void => {
    move((next.clientX - x) / width, (next.clientY - y) / height);
    distance += Math.hypot(next.clientX - x, next.clientY - y);
    [x, y] = [next.clientX, next.clientY];
  };
  followPointer(event, follow, () => {
    if (distance < clickSlack) return;
    const drop = (click: Event): void => {
      click.stopPropagation();
    };
    element.addEventListener('click', drop, { capture: true });
    // The click comes right behind the release, where there is one.
    setTimeout(() => {
      element.removeEventListener('click', drop, { capture: true });
    });
  });
}
