import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { mask, maskPrompts, type Mask, type MaskPrompts } from './client';
import { useLoading } from './load';
import { imageTypesOf, maskDocument, maskInWords, plainPrompt } from './mask-words';

/** Colours that stay apart on tissue, on radiographs and for colour-blind eyes. */
const colors = ['e6194b', '4363d8', 'ffe119', '3cb44b', 'f58231', '911eb4', '42d4f4', 'f032e6'];

interface Layer {
  /** As the server names it. */
  readonly prompt: string;
  /** What the reader says the image is; null for the server's choice. */
  readonly imageType: string | null;
  /** RRGGBB */
  readonly color: string;
  readonly isShown: boolean;
  /** Null while it is being made. */
  readonly mask: Mask | null;
  readonly message: string | null;
}

export interface MaskLayers {
  readonly layers: readonly Layer[];
  /** 0..1 */
  readonly opacity: number;
  readonly setOpacity: (opacity: number) => void;
  /** Asks for what the words name. */
  readonly add: (words: string) => void;
  /** Asks anew, for an image of this type. */
  readonly judgeAs: (prompt: string, imageType: string | null) => void;
  readonly toggle: (prompt: string) => void;
  readonly remove: (prompt: string) => void;
}

/** The masks that were asked for on one figure: its view is another one for another figure, and begins without any. */
export function useMasks(figureId: string): MaskLayers {
  const [layers, setLayers] = useState<readonly Layer[]>([]);
  const [opacity, setOpacity] = useState(0.45);
  const running = useRef(new Map<string, AbortController>());

  useEffect(
    () => () => {
      for (const abort of running.current.values()) abort.abort();
    },
    [],
  );

  const changeOne = (prompt: string, part: Partial<Layer>): void => {
    setLayers((all) => all.map((layer) => (layer.prompt === prompt ? { ...layer, ...part } : layer)));
  };

  const draw = (prompt: string, imageType: string | null): void => {
    const abort = new AbortController();
    running.current.get(prompt)?.abort();
    running.current.set(prompt, abort);
    mask(figureId, prompt, imageType, abort.signal).then(
      (made) => {
        if (abort.signal.aborted) return;
        changeOne(prompt, { mask: made, message: made.status === 'FAILED' ? maskInWords(made) : null });
      },
      (error: unknown) => {
        if (!abort.signal.aborted) {
          changeOne(prompt, { message: error instanceof Error ? error.message : String(error) });
        }
      },
    );
  };

  return {
    layers,
    opacity,
    setOpacity,
    add: (words) => {
      const prompt = plainPrompt(words);
      const known = layers.find((layer) => layer.prompt === prompt);
      if (known?.message === null) {
        changeOne(prompt, { isShown: true });
        return;
      }
      const { color, imageType } = known ?? { color: freeColor(layers), imageType: null };
      const layer: Layer = { prompt, imageType, color, isShown: true, mask: null, message: null };
      setLayers((all) => [...all.filter((other) => other.prompt !== prompt), layer]);
      draw(prompt, imageType);
    },
    judgeAs: (prompt, imageType) => {
      changeOne(prompt, { imageType, mask: null, message: null });
      draw(prompt, imageType);
    },
    toggle: (prompt) => {
      setLayers((all) => all.map((layer) => (layer.prompt === prompt ? { ...layer, isShown: !layer.isShown } : layer)));
    },
    remove: (prompt) => {
      running.current.get(prompt)?.abort();
      running.current.delete(prompt);
      setLayers((all) => all.filter((layer) => layer.prompt !== prompt));
    },
  };
}

function freeColor(layers: readonly Layer[]): string {
  const used = new Set(layers.map(({ color }) => color));
  return colors.find((color) => !used.has(color)) ?? colors[layers.length % colors.length] ?? 'e6194b';
}

function inColor(overlayUrl: string, color: string): string {
  const address = new URL(overlayUrl, location.href);
  address.searchParams.set('color', color);
  return address.href;
}

/** The masks over the image of their frame. */
export function MaskOverlays({ masks }: { readonly masks: MaskLayers }) {
  return (
    <>
      {masks.layers.map(({ prompt, color, isShown, mask: made }) =>
        isShown && made?.overlayUrl != null && made.areaFraction !== 0 ? (
          <img
            key={prompt}
            class="mask"
            src={inColor(made.overlayUrl, color)}
            alt={`Mask: ${prompt}`}
            style={{ opacity: masks.opacity }}
          />
        ) : null,
      )}
    </>
  );
}

interface MaskPanelProps {
  readonly masks: MaskLayers;
  /** The figure's own words, by which suggestions are ordered. */
  readonly about: string;
}

/** What to look for, and what was found: a box for words, a line for each mask. */
export function MaskPanel({ masks, about }: MaskPanelProps) {
  const prompts = useLoading('mask prompts', maskPrompts);
  const input = useRef<HTMLInputElement>(null);
  const listId = useId();
  useEffect(() => {
    const focus = (event: KeyboardEvent): void => {
      const isTyping = event.target instanceof HTMLElement && event.target.matches('input, textarea, select');
      if (event.key !== 'm' || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      input.current?.focus();
    };
    document.addEventListener('keydown', focus);
    return () => {
      document.removeEventListener('keydown', focus);
    };
  }, []);

  const suggestions = prompts.state === 'ready' ? suggested(prompts.data, about) : [];
  return (
    <section class="masks">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          const prompt = input.current?.value.trim() ?? '';
          if (prompt !== '') masks.add(prompt);
          if (input.current !== null) input.current.value = '';
        }}
      >
        <input
          ref={input}
          list={listId}
          aria-label="What to mark in the figure"
          placeholder="mark … as “left lung”"
          title="What to mark in the figure (m)"
          maxLength={300}
        />
        <datalist id={listId}>
          {suggestions.map((prompt) => (
            <option key={prompt} value={prompt} />
          ))}
        </datalist>
        <button type="submit">Mark</button>
      </form>
      {prompts.state === 'failed' && <p class="quiet">No suggestions: {prompts.message}</p>}
      {masks.layers.length > 0 && (
        <>
          <ul>
            {masks.layers.map((layer) => (
              <LayerLine
                key={layer.prompt}
                layer={layer}
                masks={masks}
                imageTypes={prompts.state === 'ready' ? imageTypesOf(prompts.data, layer.prompt) : []}
              />
            ))}
          </ul>
          {warningsOf(masks.layers).map((warning) => (
            <p key={warning} class="quiet">
              {warning}
            </p>
          ))}
          <label class="quiet">
            Opacity{' '}
            <input
              type="range"
              min="0"
              max="1"
              step="0.05"
              value={masks.opacity}
              onInput={({ currentTarget }) => {
                masks.setOpacity(Number(currentTarget.value));
              }}
            />
          </label>
        </>
      )}
    </section>
  );
}

/** What a user of the segmenters must know, each once. */
function warningsOf(layers: readonly Layer[]): readonly string[] {
  return [
    ...new Set(layers.flatMap(({ mask: made }) => (made?.warning == null ? [] : [`${made.model}: ${made.warning}`]))),
  ];
}

/** What the figure's own words name or hint at first; each prompt once. */
function suggested(prompts: MaskPrompts, about: string): readonly string[] {
  const text = about.toLowerCase();
  const words = new Set(text.split(/[^a-z]+/));
  const hints = ({ imageType, prompt }: MaskPrompts[number]): number => {
    const kinds = imageType.toLowerCase().split(/[^a-z]+/);
    return kinds.filter((word) => word.length > 1 && words.has(word)).length + (text.includes(prompt) ? 2 : 0);
  };
  const inOrder = [...prompts].sort((a, b) => hints(b) - hints(a));
  return [...new Set(inOrder.map(({ prompt }) => prompt))];
}

interface LayerLineProps {
  readonly layer: Layer;
  readonly masks: MaskLayers;
  /** Those that know the prompt. */
  readonly imageTypes: readonly string[];
}

function LayerLine({ layer, masks, imageTypes }: LayerLineProps) {
  const { prompt, color, isShown, mask: made, message } = layer;
  return (
    <li>
      <label>
        <input
          type="checkbox"
          checked={isShown}
          onChange={() => {
            masks.toggle(prompt);
          }}
        />
        <span class="swatch" style={{ background: `#${color}` }} />
        {prompt}
      </label>
      {message !== null && (
        <span role="alert">
          {message}{' '}
          <button
            type="button"
            onClick={() => {
              masks.add(prompt);
            }}
          >
            again
          </button>
        </span>
      )}
      <span class="quiet" role="status">
        {message === null && (made === null ? 'drawing…' : maskInWords(made, imageTypes))}
      </span>
      {imageTypes.length > 1 && (
        <select
          aria-label={`Kind of image, to judge the mask of ${prompt} by`}
          value={layer.imageType ?? made?.imageType ?? ''}
          onChange={({ currentTarget: { value } }) => {
            masks.judgeAs(prompt, value === '' ? null : value);
          }}
        >
          <option value="">kind of image…</option>
          {imageTypes.map((type) => (
            <option key={type} value={type}>
              {type}
            </option>
          ))}
        </select>
      )}
      {message === null && made?.pngUrl != null && <Downloads prompt={prompt} made={made} pngUrl={made.pngUrl} />}
      <button
        type="button"
        aria-label={`Remove the mask of ${prompt}`}
        onClick={() => {
          masks.remove(prompt);
        }}
      >
        ×
      </button>
    </li>
  );
}

function Downloads({
  prompt,
  made,
  pngUrl,
}: {
  readonly prompt: string;
  readonly made: Mask;
  readonly pngUrl: string;
}) {
  const name = prompt.replace(/[^\p{L}\p{N}]+/gu, '-');
  return (
    <span class="downloads">
      <a href={pngUrl} download={`${name}.png`}>
        PNG
      </a>{' '}
      <button
        type="button"
        title="Outline (polygons) and COCO run lengths"
        onClick={() => {
          save(maskDocument({ ...made, prompt }), `${name}.json`);
        }}
      >
        JSON
      </button>
    </span>
  );
}

function save(content: string, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([content], { type: 'application/json' }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
