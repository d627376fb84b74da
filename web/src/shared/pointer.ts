/** Calls `follow` for each movement of the pointer until it is released. */
export function followPointer(event: PointerEvent, follow: (event: PointerEvent) => void, end?: () => void): void {
  const move = (next: PointerEvent): void => {
    if (next.pointerId === event.pointerId) follow(next);
  };
  const stop = (next: PointerEvent): void => {
    if (next.pointerId !== event.pointerId) return;
    removeEventListener('pointermove', move);
    removeEventListener('pointerup', stop);
    removeEventListener('pointercancel', stop);
    end?.();
  };
  addEventListener('pointermove', move);
  addEventListener('pointerup', stop);
  addEventListener('pointercancel', stop);
}
