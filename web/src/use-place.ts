import { useEffect, useRef, useState } from 'preact/hooks';
import { addressOf, readPlace, type Place } from './place';
import { entryOf, newEntry } from './shared/history-entry';
import { mayGiveUp } from './shared/unsaved';

/** What the browser keeps with an entry of its history. */
interface Kept {
  /** Names the entry. */
  readonly entry: string;
  /** How far the reader had scrolled, in pixels. */
  readonly scroll: number;
  /** Whether the entry before it is a list that this one was opened from. */
  readonly isOpened: boolean;
  /** How many entries of the page are before it. */
  readonly position: number;
}

function toKept(state: unknown): Kept {
  const { scroll, isOpened, position }: Partial<Kept> = typeof state === 'object' && state !== null ? state : {};
  const number = (value: unknown): number => (typeof value === 'number' ? value : 0);
  return {
    entry: entryOf(state),
    scroll: number(scroll),
    isOpened: isOpened === true,
    position: number(position),
  };
}

function keepScroll(): void {
  history.replaceState({ ...toKept(history.state), scroll: scrollY }, '');
}

/** How many frames of the browser the results are given to be laid out again. */
const maxFrames = 120;

/** Scrolls as soon as the page is long enough, unless the reader does something meanwhile. */
function scrollBackTo(scroll: number): void {
  const acts = ['wheel', 'touchstart', 'pointerdown', 'keydown'];
  let left = maxFrames;
  const stop = (): void => {
    left = 0;
    for (const act of acts) removeEventListener(act, stop);
  };
  const follow = (): void => {
    if (left === 0) return;
    left--;
    scrollTo(0, scroll);
    if (Math.abs(scrollY - scroll) > 1 && left > 0) requestAnimationFrame(follow);
    else stop();
  };
  for (const act of acts) addEventListener(act, stop, { passive: true });
  requestAnimationFrame(follow);
}

export interface Navigation {
  readonly place: Place;
  /** Goes to another place; Back returns to this one. */
  readonly goTo: (next: Place) => void;
  /** Opens something over a list: `close` returns to the list as it was. */
  readonly open: (next: Place) => void;
  /** Changes the place in its entry of the history: Back does not return here. */
  readonly replace: (next: Place) => void;
  /** Back to the list that this was opened from, else to `otherwise`. */
  readonly close: (otherwise: Place) => void;
}

/** The place of the address bar, and the ways to another one. */
export function usePlace(): Navigation {
  const [place, setPlace] = useState(() => readPlace(location.search));
  const shown = useRef({ address: addressOf(place), kept: toKept(history.state) });
  const show = (next: Place): void => {
    shown.current = { address: addressOf(next), kept: toKept(history.state) };
    setPlace(next);
  };
  useEffect(() => {
    // The browser would scroll before the results are there.
    history.scrollRestoration = 'manual';
    const follow = (event: PopStateEvent): void => {
      const next = readPlace(location.search);
      const { address, kept } = shown.current;
      // A link within the page made an entry of its own.
      if (event.state === null) history.replaceState({ ...kept, position: kept.position + 1 } satisfies Kept, '');
      const isSame = addressOf(next) === address;
      if (isSame || mayGiveUp()) show(next);
      else history.go(kept.position - toKept(event.state).position);
      if (!isSame && shown.current.address !== address) scrollBackTo(toKept(event.state).scroll);
    };
    addEventListener('popstate', follow);
    addEventListener('pagehide', keepScroll);
    return () => {
      removeEventListener('popstate', follow);
      removeEventListener('pagehide', keepScroll);
    };
  }, []);

  const push = (next: Place, isOpened: boolean): void => {
    if (!mayGiveUp()) return;
    keepScroll();
    const { position } = toKept(history.state);
    // A search that is repeated is no other place; it is asked anew all the same.
    if (addressOf(next) === location.pathname + location.search) {
      history.replaceState({ ...toKept(history.state), entry: newEntry() } satisfies Kept, '');
    } else {
      const made = { entry: newEntry(), scroll: 0, isOpened, position: position + 1 } satisfies Kept;
      history.pushState(made, '', addressOf(next));
    }
    show(next);
    scrollTo(0, 0);
  };
  const goTo = (next: Place): void => {
    push(next, false);
  };
  return {
    place,
    goTo,
    open: (next) => {
      push(next, true);
    },
    replace: (next) => {
      if (!mayGiveUp()) return;
      history.replaceState(history.state, '', addressOf(next));
      show(next);
    },
    close: (otherwise) => {
      if (toKept(history.state).isOpened) history.back();
      else goTo(otherwise);
    },
  };
}
