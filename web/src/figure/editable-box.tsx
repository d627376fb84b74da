import type { Region } from '../place';
import { placeOf } from '../shared/place-of';
import { followPointer } from '../shared/pointer';

interface EditableBoxProps {
  /** In fractions of the image. */
  readonly box: Region;
  readonly label: string;
  readonly isSelected?: boolean;
  readonly onChange: (box: Region) => void;
  readonly onSelect?: () => void;
  /** Delete was pressed on it. */
  readonly onRemove?: () => void;
  /** Enter was pressed on it. */
  readonly onAccept?: () => void;
}

/** A box is at least this large, in fractions of the image. */
const smallest = 0.01;
const keyStep = 0.01;

/** The edges that a handle moves: of the left and top ones the far side stays. */
interface Edges {
  readonly left?: boolean;
  readonly right?: boolean;
  readonly top?: boolean;
  readonly bottom?: boolean;
}

const handles: readonly (readonly [string, Edges])[] = [
  ['nw', { left: true, top: true }],
  ['n', { top: true }],
  ['ne', { right: true, top: true }],
  ['e', { right: true }],
  ['se', { right: true, bottom: true }],
  ['s', { bottom: true }],
  ['sw', { left: true, bottom: true }],
  ['w', { left: true }],
];

/** A box over an image that is moved and resized by pointer (its edges) and by keys (arrows move, with Shift they resize). */
export function EditableBox({
  box,
  label,
  isSelected = true,
  onChange,
  onSelect,
  onRemove,
  onAccept,
}: EditableBoxProps) {
  const arrows: Readonly<Record<string, readonly [number, number]>> = {
    ArrowLeft: [-keyStep, 0],
    ArrowRight: [keyStep, 0],
    ArrowUp: [0, -keyStep],
    ArrowDown: [0, keyStep],
  };
  return (
    <div
      class={isSelected ? 'edit-box selected' : 'edit-box'}
      role="button"
      tabIndex={0}
      aria-label={label}
      style={placeOf(box, { width: 1, height: 1 })}
      onFocus={onSelect}
      onPointerDown={(event) => {
        if (coversView(event.currentTarget)) return;
        followOnFrame(event, (x, y) => {
          onChange(moved(box, x, y));
        });
      }}
      onKeyDown={(event) => {
        const arrow = arrows[event.key];
        if (arrow !== undefined) {
          const [x, y] = arrow;
          onChange(event.shiftKey ? resized(box, { right: true, bottom: true }, x, y) : moved(box, x, y));
        } else if (event.key === 'Enter') onAccept?.();
        else if (event.key === 'Delete' || event.key === 'Backspace') onRemove?.();
        else return;
        event.preventDefault();
        event.stopPropagation();
      }}
    >
      <span class="edit-label">{label}</span>
      {isSelected &&
        handles.map(([name, edges]) => (
          <span
            key={name}
            class={`handle ${name}`}
            onPointerDown={(event) => {
              event.stopPropagation();
              followOnFrame(event, (x, y) => {
                onChange(resized(box, edges, x, y));
              });
            }}
          />
        ))}
    </div>
  );
}

/** Whether a box covers all that is seen of a zoomed image: then there is no free ground, and a drag draws a new box. */
function coversView(box: HTMLElement): boolean {
  const view = box.closest('.stage')?.getBoundingClientRect();
  const { left, top, right, bottom } = box.getBoundingClientRect();
  if (view === undefined) return false;
  return left <= view.left && top <= view.top && right >= view.right && bottom >= view.bottom;
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

function moved(box: Region, x: number, y: number): Region {
  return { ...box, x: clamp(box.x + x, 0, 1 - box.width), y: clamp(box.y + y, 0, 1 - box.height) };
}

function resized(box: Region, edges: Edges, x: number, y: number): Region {
  const [right, bottom] = [box.x + box.width, box.y + box.height];
  const newLeft = edges.left === true ? clamp(box.x + x, 0, right - smallest) : box.x;
  const newTop = edges.top === true ? clamp(box.y + y, 0, bottom - smallest) : box.y;
  const newRight = edges.right === true ? clamp(right + x, newLeft + smallest, 1) : right;
  const newBottom = edges.bottom === true ? clamp(bottom + y, newTop + smallest, 1) : bottom;
  return { x: newLeft, y: newTop, width: newRight - newLeft, height: newBottom - newTop };
}

/**
 * Follows a drag that began on a box.
 * @param change is called with the movement since the drag began, in fractions of the frame
 */
function followOnFrame(
  event: PointerEvent & { readonly currentTarget: HTMLElement },
  change: (x: number, y: number) => void,
): void {
  const frame = event.currentTarget.closest('.frame');
  if (frame === null || event.button !== 0) return;
  event.preventDefault();
  event.stopPropagation();
  event.currentTarget.closest<HTMLElement>('.edit-box')?.focus({ preventScroll: true });
  followPointer(event, (next) => {
    const { width, height } = frame.getBoundingClientRect();
    change((next.clientX - event.clientX) / width, (next.clientY - event.clientY) / height);
  });
}
