import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

interface MenuProps {
  readonly label: string;
  /** What the label stands for, where it is short. */
  readonly title?: string;
  /** Whether something in it differs from what is usual: the button shows it. */
  readonly isChanged?: boolean;
  /** Whether Tab reaches the button. */
  readonly isReachable?: boolean;
  readonly onToggle?: (isOpen: boolean) => void;
  readonly children: ComponentChildren;
}

/** Between an open menu and the edge of the window, in pixels. */
const margin = 8;

/** Moves the panel of an open menu sideways so far that it lies inside the window. */
function keepInWindow(panel: HTMLElement): void {
  panel.style.translate = 'none';
  const { left, right } = panel.getBoundingClientRect();
  const shift = Math.max(margin - left, Math.min(0, document.documentElement.clientWidth - margin - right));
  panel.style.translate = `${shift}px 0`;
}

/** A button that opens a small panel below it; Escape and a click elsewhere close it. */
export function Menu({ label, title, isChanged = false, isReachable = true, onToggle, children }: MenuProps) {
  const details = useRef<HTMLDetailsElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = panel.current;
    if (element === null) return;
    // Its size changes when it is opened, and when more comes into it.
    const observer = new ResizeObserver(() => {
      keepInWindow(element);
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
    };
  }, []);
  useEffect(() => {
    const close = (event: Event): void => {
      if (!(event.target instanceof Node && details.current?.contains(event.target) === true)) {
        details.current?.removeAttribute('open');
      }
    };
    addEventListener('pointerdown', close);
    return () => {
      removeEventListener('pointerdown', close);
    };
  }, []);
  return (
    <details
      class="menu"
      ref={details}
      onToggle={() => onToggle?.(details.current?.open === true)}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || details.current?.open !== true) return;
        event.stopPropagation();
        details.current.open = false;
        details.current.querySelector('summary')?.focus();
      }}
    >
      <summary class="button" title={title} aria-label={title} tabIndex={isReachable ? 0 : -1}>
        {label}
        {isChanged && ' •'}
      </summary>
      <div class="menu-panel" ref={panel}>
        {children}
      </div>
    </details>
  );
}
