import { useEffect, useRef, useState } from 'preact/hooks';
import { messageOf } from '../shared/server';
import { text } from '../text';
import { detectObjects, mask, type Mask } from './queries';
import { maskInWords, plainPrompt } from './mask-text';

/** No prompt has a capital. */
const detecting = 'ALL';

/** Colors that stay apart on tissue, on radiographs and for color-blind eyes. */
const colors = ['e6194b', '4363d8', 'ffe119', '3cb44b', 'f58231', '911eb4', '42d4f4', 'f032e6'];

export interface Layer {
  /** As the server names it. */
  readonly prompt: string;
  /** What the reader says the image is; null for the server's choice. */
  readonly imageType: string | null;
  /** The kind of image among whose objects it was found; null for one that was asked for by words. */
  readonly detectedAs: string | null;
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
  /** Asks for what the words name, in an image of this type; by default the server chooses the type. */
  readonly add: (words: string, imageType?: string | null) => void;
  /** Asks for all objects of an image type; those found take the places of masks of their names, and of those of other types. */
  readonly addAll: (imageType: string) => void;
  /** How that went, in words; null before it was asked for. */
  readonly recognition: { readonly words: string; readonly isFault: boolean } | null;
  /** Asks anew, for an image of this type. */
  readonly judgeAs: (prompt: string, imageType: string | null) => void;
  readonly toggle: (prompt: string) => void;
  readonly remove: (prompt: string) => void;
}

/**
 * The masks of one figure: those that are stored, hidden at first, and those that are asked for.
 * @param stored by the server, by whomever they were asked for
 */
export function useMasks(figureId: string, stored: readonly Mask[]): MaskLayers {
  const [layers, setLayers] = useState<readonly Layer[]>(() => layersOf(stored));
  const [opacity, setOpacity] = useState(0.45);
  const [recognition, setRecognition] = useState<MaskLayers['recognition']>(null);
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

  /** What is under way for the same ends. */
  const begun = (name: string): AbortController => {
    const abort = new AbortController();
    running.current.get(name)?.abort();
    running.current.set(name, abort);
    return abort;
  };

  const draw = (prompt: string, imageType: string | null): void => {
    const abort = begun(prompt);
    mask(figureId, prompt, imageType, abort.signal).then(
      (made) => {
        if (abort.signal.aborted) return;
        changeOne(prompt, { mask: made, message: made.status === 'FAILED' ? maskInWords(made) : null });
      },
      (error: unknown) => {
        if (!abort.signal.aborted) changeOne(prompt, { message: messageOf(error) });
      },
    );
  };

  const put = (all: readonly Layer[], found: readonly Mask[], imageType: string): readonly Layer[] =>
    found.reduce(
      (others, made) => {
        const kept = others.find(({ prompt }) => prompt === made.prompt);
        const color = kept?.color ?? freeColor(others);
        const layer = {
          prompt: made.prompt,
          imageType,
          detectedAs: imageType,
          color,
          isShown: true,
          mask: made,
          message: null,
        };
        return [...others.filter((other) => other !== kept), layer];
      },
      all.filter(({ detectedAs }) => detectedAs === null || detectedAs === imageType),
    );

  const addAll = (imageType: string): void => {
    const abort = begun(detecting);
    setRecognition({ words: text.masks.looking(imageType), isFault: false });
    detectObjects(figureId, imageType, abort.signal).then(
      ({ status, error, masks }) => {
        if (abort.signal.aborted) return;
        for (const { prompt } of masks) running.current.get(prompt)?.abort();
        setLayers((all) => put(all, masks, imageType));
        const words = masks.length === 0 ? text.masks.noneOf(imageType) : text.masks.found(masks.length);
        const isFault = status === 'FAILED';
        setRecognition({ words: isFault ? (error ?? text.masks.notDone) : words, isFault });
      },
      (error: unknown) => {
        if (!abort.signal.aborted) setRecognition({ words: messageOf(error), isFault: true });
      },
    );
  };

  return {
    layers,
    recognition,
    addAll,
    opacity,
    setOpacity,
    add: (words, asType = null) => {
      const prompt = plainPrompt(words);
      const known = layers.find((layer) => layer.prompt === prompt);
      if (known?.message === null) {
        changeOne(prompt, { isShown: true });
        return;
      }
      const { color, imageType } = known ?? { color: freeColor(layers), imageType: asType };
      const layer: Layer = { prompt, imageType, detectedAs: null, color, isShown: true, mask: null, message: null };
      setLayers((all) => [...all.filter((other) => other.prompt !== prompt), layer]);
      draw(prompt, imageType);
    },
    judgeAs: (prompt, imageType) => {
      changeOne(prompt, { imageType, detectedAs: null, mask: null, message: null });
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

/** The latest mask of each prompt that is stored, in the order of the prompts. */
function layersOf(stored: readonly Mask[]): readonly Layer[] {
  const latest = new Map(stored.filter(({ status }) => status === 'READY').map((made) => [made.prompt, made]));
  return [...latest.values()].reduce<readonly Layer[]>(
    (layers, made) => [
      ...layers,
      {
        prompt: made.prompt,
        imageType: made.imageType ?? null,
        detectedAs: made.isRecognised ? (made.imageType ?? null) : null,
        color: freeColor(layers),
        isShown: false,
        mask: made,
        message: null,
      },
    ],
    [],
  );
}
