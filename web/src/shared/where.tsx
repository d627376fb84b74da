import type { ComponentChildren, CSSProperties, JSX } from 'preact';
import { useState } from 'preact/hooks';
import { text } from '../text';

type State = 'off' | 'loading' | 'shown' | 'failed';

interface Where {
  readonly state: State;
  /** Whether the server can tell where the query finds support. */
  readonly canShow: boolean;
  readonly toggle: () => void;
  /** Lies over the image of its frame. */
  readonly overlay: JSX.Element | null;
}

/**
 * Where in a figure the words of the query find support: a heat map, fetched when first asked for.
 * @param place where the panel lies that it is about; all of the figure where it is left out
 */
export function useWhere(url: string | null, place: CSSProperties = {}): Where {
  const [state, setState] = useState<State>('off');
  const isOn = state === 'loading' || state === 'shown';
  return {
    state,
    canShow: url !== null,
    toggle: () => {
      if (url !== null) setState(isOn ? 'off' : 'loading');
    },
    overlay:
      isOn && url !== null ? (
        <>
          <img
            class="heat"
            style={place}
            src={url}
            alt={text.results.whereAlt}
            draggable={false}
            onLoad={() => {
              setState('shown');
            }}
            onError={() => {
              setState('failed');
            }}
          />
          {state === 'shown' && <Legend />}
        </>
      ) : null,
  };
}

/** What the colors of a heat map say. */
function Legend() {
  const [little, much] = text.results.whereLegend;
  return (
    <span class="heat-legend">
      {little} <span class="heat-scale" /> {much}
    </span>
  );
}

interface WhereButtonProps {
  readonly where: Where;
  readonly children: ComponentChildren;
  /** Whether Tab reaches it. */
  readonly isReachable?: boolean;
}

export function WhereButton({ where: { state, toggle }, children, isReachable = true }: WhereButtonProps) {
  const words = { off: null, loading: text.results.whereLoading, shown: null, failed: text.results.whereFailed };
  return (
    <button
      type="button"
      class="where"
      aria-pressed={state === 'shown'}
      title={text.results.whereHint}
      tabIndex={isReachable ? 0 : -1}
      onClick={toggle}
    >
      {words[state] ?? children}
    </button>
  );
}
