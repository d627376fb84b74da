import type { ComponentChildren, CSSProperties, JSX } from 'preact';
import { useState } from 'preact/hooks';

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
 * Where in a figure the words of the query find support: fetched when first asked for.
 * @param place where the panel lies that is told of; all of the figure where it is left out
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
        <img
          class="heat"
          style={place}
          src={url}
          alt="Where the words find support"
          onLoad={() => {
            setState('shown');
          }}
          onError={() => {
            setState('failed');
          }}
        />
      ) : null,
  };
}

const words: Readonly<Record<State, string | null>> = {
  off: null,
  loading: 'looking…',
  shown: null,
  failed: 'not to be had; again?',
};

export function WhereButton({ where, children }: { readonly where: Where; readonly children: ComponentChildren }) {
  return (
    <button
      type="button"
      class="where"
      aria-pressed={where.state === 'shown'}
      title="Where the words of the query find support (h)"
      onClick={where.toggle}
    >
      {words[where.state] ?? children}
    </button>
  );
}
