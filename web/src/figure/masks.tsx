import { useId, useMemo, useRef } from 'preact/hooks';
import { maskPrompts, type MaskPrompts } from './queries';
import { useKey } from '../shared/keys';
import { useLoading } from '../shared/load';
import type { Layer, MaskLayers } from './mask-layers';
import { LayerLine } from './mask-line';
import type { Kinds } from './kinds-of';
import { imageTypesOf, detectableTypes, namedType, plainPrompt, suggested } from './mask-text';
import { placeOf, type Size } from '../shared/place-of';
import { text } from '../text';

function inColor(overlayUrl: string, color: string): string {
  const address = new URL(overlayUrl, location.href);
  address.searchParams.set('color', color);
  return address.href;
}

interface MaskOverlaysProps {
  readonly masks: MaskLayers;
  readonly figure: Size;
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
            alt={text.masks.alt(prompt)}
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
  /** What is known of the kind of image. */
  readonly kinds: Kinds;
  /** Search by what a mask outlines. */
  readonly onUse: (maskId: string) => void;
}

/** What to look for, and what was found: a box for words, a line for each mask. */
export function MaskPanel({ masks, about, kinds, onUse }: MaskPanelProps) {
  const prompts = useLoading('mask prompts', maskPrompts);
  const input = useRef<HTMLInputElement>(null);
  const listId = useId();
  useKey('m', () => input.current?.focus());

  /** Of the image types that know a prompt, the one that the figure is known to be. */
  const typeFor = (prompt: string): string | null => {
    if (prompts.state !== 'ready') return null;
    const types = imageTypesOf(prompts.data, plainPrompt(prompt));
    return types.length > 1 ? namedType(types, `${kinds.words} ${about}`) : null;
  };
  const suggestions = prompts.state === 'ready' ? suggested(prompts.data, `${about} ${kinds.words}`) : [];
  return (
    <section class="masks">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          const prompt = input.current?.value.trim() ?? '';
          if (prompt !== '') masks.add(prompt, typeFor(prompt));
          if (input.current !== null) input.current.value = '';
        }}
      >
        <input
          ref={input}
          list={listId}
          aria-label={text.masks.label}
          placeholder={text.masks.placeholder}
          title={text.masks.hint}
          maxLength={300}
        />
        <datalist id={listId}>
          {suggestions.map((prompt) => (
            <option key={prompt} value={prompt} />
          ))}
        </datalist>
        <button type="submit">{text.masks.mark}</button>
      </form>
      {prompts.state === 'ready' && <Recognition masks={masks} prompts={prompts.data} about={about} kinds={kinds} />}
      {prompts.state === 'failed' && <p class="quiet">{text.masks.noSuggestions(prompts.message)}</p>}
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
            {text.masks.opacity}{' '}
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

interface RecognitionProps extends Pick<MaskPanelProps, 'masks' | 'about' | 'kinds'> {
  readonly prompts: MaskPrompts;
}

/** All that an image of some type may show, at once. */
function Recognition({ masks, prompts, about, kinds }: RecognitionProps) {
  const words = `${about} ${kinds.words}`;
  const types = useMemo(() => detectableTypes(prompts, words), [prompts, words]);
  const named = namedType(types, words);
  const select = useRef<HTMLSelectElement>(null);
  if (types.length === 0) return null;
  if (kinds.isDrawn) return <p class="quiet">{text.masks.isDrawn}</p>;
  return (
    <form
      class="everything"
      onSubmit={(event) => {
        event.preventDefault();
        if (select.current !== null && select.current.value !== '') masks.addAll(select.current.value);
      }}
    >
      <label class="quiet">
        {text.masks.everything}{' '}
        <select ref={select} required>
          {named === null && <option value="">{text.masks.kind}</option>}
          {types.map((type) => (
            <option key={type} value={type} selected={type === named}>
              {type}
            </option>
          ))}
        </select>
      </label>{' '}
      <button type="submit">{text.masks.markAll}</button>{' '}
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
