import { useEffect, useId, useMemo, useRef } from 'preact/hooks';
import { maskPrompts, type MaskPrompts } from './client';
import { useLoading } from './load';
import type { Layer, MaskLayers } from './mask-layers';
import { LayerLine } from './mask-line';
import { imageTypesOf, detectableTypes, suggested } from './mask-text';
import { placeOf } from './place-of';

function inColor(overlayUrl: string, color: string): string {
  const address = new URL(overlayUrl, location.href);
  address.searchParams.set('color', color);
  return address.href;
}

interface MaskOverlaysProps {
  readonly masks: MaskLayers;
  readonly figure: Size;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** The masks over the image of their frame. */
export function MaskOverlays({ masks, figure }: MaskOverlaysProps) {
  return (
    <>
      {masks.layers.map(({ prompt, color, isShown, mask: made }) =>
        isShown && made?.overlayUrl != null && made.areaFraction !== 0 ? (
          <img
            key={prompt}
            class="mask"
            src={inColor(made.overlayUrl, color)}
            alt={`Mask: ${prompt}`}
            style={{ opacity: masks.opacity, ...placeOf(made.panel.box, figure) }}
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
  /** Search by what a mask outlines. */
  readonly onUse: (maskId: string) => void;
}

/** What to look for, and what was found: a box for words, a line for each mask. */
export function MaskPanel({ masks, about, onUse }: MaskPanelProps) {
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
      {prompts.state === 'ready' && <Recognition masks={masks} prompts={prompts.data} about={about} />}
      {prompts.state === 'failed' && <p class="quiet">No suggestions: {prompts.message}</p>}
      {masks.layers.length > 0 && (
        <>
          <ul>
            {masks.layers.map((layer) => (
              <LayerLine
                key={layer.prompt}
                layer={layer}
                masks={masks}
                onUse={onUse}
                imageTypes={prompts.state === 'ready' ? choicesFor(layer, prompts.data) : []}
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

interface RecognitionProps extends Pick<MaskPanelProps, 'masks' | 'about'> {
  readonly prompts: MaskPrompts;
}

/** All that an image of some type may show, at once. */
function Recognition({ masks, prompts, about }: RecognitionProps) {
  const types = useMemo(() => detectableTypes(prompts, about), [prompts, about]);
  const select = useRef<HTMLSelectElement>(null);
  if (types.length === 0) return null;
  return (
    <form
      class="everything"
      onSubmit={(event) => {
        event.preventDefault();
        if (select.current !== null) masks.addAll(select.current.value);
      }}
    >
      <label class="quiet">
        Everything, as in images of the kind{' '}
        <select ref={select}>
          {types.map((type) => (
            <option key={type} value={type}>
              {type}
            </option>
          ))}
        </select>
      </label>{' '}
      <button type="submit">Mark all</button>{' '}
      {masks.recognition !== null && (
        <span class="quiet" role={masks.recognition.isFault ? 'alert' : 'status'}>
          {masks.recognition.words}
        </span>
      )}
    </form>
  );
}

/** The kinds of image that a reader may choose from; one that was found among all of a kind has its own. */
function choicesFor({ prompt, detectedAs }: Layer, prompts: MaskPrompts): readonly string[] {
  return detectedAs === null ? imageTypesOf(prompts, prompt) : [];
}

/** What a user of the segmenters must know, each once. */
function warningsOf(layers: readonly Layer[]): readonly string[] {
  return [
    ...new Set(layers.flatMap(({ mask: made }) => (made?.warning == null ? [] : [`${made.model}: ${made.warning}`]))),
  ];
}
