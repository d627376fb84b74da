import { useEffect, useRef } from 'preact/hooks';

/** Whether the keys that are pressed are meant as text. */
export function isTyping(event: Event): boolean {
  return (
    event.target instanceof HTMLElement &&
    event.target.matches('input:not([type=checkbox], [type=radio], [type=range]), textarea, select, [contenteditable]')
  );
}

/** Whether the element in focus has a use of its own for a key: text, and the keys that move a slider. */
function isTaken(event: KeyboardEvent): boolean {
  const isSlider = event.target instanceof HTMLElement && event.target.matches('input[type=range]');
  return isTyping(event) || (isSlider && /^(Arrow|Page|Home|End)/.test(event.key));
}

/** A key alone, without a modifier. */
export function isPlainKey(event: KeyboardEvent): boolean {
  return !event.ctrlKey && !event.metaKey && !event.altKey;
}

/** A click that follows a link here, and opens it nowhere else. */
export function isPlainClick(event: MouseEvent): boolean {
  return !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
}

/** Calls `act` when a key is pressed that nothing else takes: not while a person types, and not with a modifier. */
export function useKey(key: string, act: () => void): void {
  const latest = useRef(act);
  latest.current = act;
  useEffect(() => {
    const handle = (event: KeyboardEvent): void => {
      if (event.key !== key || event.defaultPrevented || !isPlainKey(event) || isTaken(event)) return;
      if (document.querySelector('dialog[open]') !== null) return;
      event.preventDefault();
      latest.current();
    };
    document.addEventListener('keydown', handle);
    return () => {
      document.removeEventListener('keydown', handle);
    };
  }, [key]);
}
