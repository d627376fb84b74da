import { useEffect, useState } from 'preact/hooks';
import type { PanelInput } from '../generated/operations';
import type { Region } from '../place';
import { panelsNow, setPanels, type FigureDetail } from './queries';

/** A panel that is being edited. */
export interface Draft {
  readonly key: number;
  /** In fractions of the image. */
  readonly box: Region;
  readonly label: string;
  readonly caption: string;
}

export interface PanelDrafts {
  readonly drafts: readonly Draft[];
  readonly selected: number | null;
  readonly select: (key: number | null) => void;
  readonly change: (key: number, part: Partial<Draft>) => void;
  readonly remove: (key: number) => void;
  readonly add: (box: Region) => number;
  readonly replaceAll: (drafts: readonly Omit<Draft, 'key'>[]) => void;
}

let lastKey = 0;

function withKeys(drafts: readonly Omit<Draft, 'key'>[]): readonly Draft[] {
  return drafts.map((draft) => ({ ...draft, key: ++lastKey }));
}

/** The first letter that no panel has. */
function nextLabel(drafts: readonly Draft[]): string {
  const used = new Set(drafts.map(({ label }) => label.toUpperCase()));
  return [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'].find((letter) => !used.has(letter)) ?? '';
}

/**
 * The panels of a figure, changed but not saved yet.
 * @param isEditing each time that it begins, the drafts are those that the figure has
 */
export function usePanelDrafts(figure: FigureDetail, isEditing: boolean): PanelDrafts {
  const [drafts, setDrafts] = useState<readonly Draft[]>([]);
  const [selected, select] = useState<number | null>(null);
  useEffect(() => {
    if (!isEditing) return;
    setDrafts(withKeys(draftsOf(figure)));
    select(null);
  }, [isEditing, figure.id]);
  return {
    drafts,
    selected,
    select,
    change: (key, part) => {
      setDrafts((all) => all.map((draft) => (draft.key === key ? { ...draft, ...part } : draft)));
    },
    remove: (key) => {
      setDrafts((all) => all.filter((draft) => draft.key !== key));
    },
    add: (box) => {
      const key = ++lastKey;
      setDrafts((all) => [...all, { key, box, label: nextLabel(all), caption: '' }]);
      select(key);
      return key;
    },
    replaceAll: (next) => {
      setDrafts(withKeys(next));
      select(null);
    },
  };
}

type PixelBox = FigureDetail['panels'][number]['box'];

function toFractions({ x, y, width, height }: PixelBox, figure: Pick<FigureDetail, 'width' | 'height'>): Region {
  return { x: x / figure.width, y: y / figure.height, width: width / figure.width, height: height / figure.height };
}

/** All but the first, which is the whole figure. */
export function draftsOf(figure: Pick<FigureDetail, 'panels' | 'width' | 'height'>): readonly Omit<Draft, 'key'>[] {
  return figure.panels.slice(1).map(({ box, label, caption }) => ({
    box: toFractions(box, figure),
    label: label ?? '',
    caption: caption ?? '',
  }));
}

export function suggestedOf(figure: FigureDetail): readonly Omit<Draft, 'key'>[] {
  const { boxes = [], parts = [] } = figure.panelSuggestion ?? {};
  return boxes.map((box, index) => ({
    box: toFractions(box, figure),
    label: parts[index]?.label ?? '',
    caption: parts[index]?.caption ?? '',
  }));
}

export function isChanged(drafts: readonly Draft[], figure: FigureDetail): boolean {
  const plain = drafts.map(({ box, label, caption }) => ({ box, label, caption }));
  return JSON.stringify(plain) !== JSON.stringify(draftsOf(figure));
}

/** Whole pixels that lie inside the image. */
function toPanels(drafts: readonly Draft[], { width, height }: FigureDetail): readonly PanelInput[] {
  return drafts.map(({ box, label, caption }) => {
    const x = Math.min(width - 1, Math.round(box.x * width));
    const y = Math.min(height - 1, Math.round(box.y * height));
    return {
      box: {
        x,
        y,
        width: Math.max(1, Math.min(width - x, Math.round(box.width * width))),
        height: Math.max(1, Math.min(height - y, Math.round(box.height * height))),
      },
      label: label.trim() === '' ? null : label.trim(),
      caption: caption.trim() === '' ? null : caption.trim(),
    };
  });
}

/**
 * Saves panels, unless somebody else changed those of the figure meanwhile.
 * @param known the drafts of the panels that the person knows, as JSON
 * @returns those that the figure has now, where they are others; null where the panels were saved
 */
export async function savePanels(
  figure: FigureDetail,
  drafts: readonly Draft[],
  known: string,
): Promise<string | null> {
  const current = await panelsNow(figure.id);
  const now = current === null ? known : JSON.stringify(draftsOf(current));
  if (now !== known) return now;
  await setPanels(figure.id, toPanels(drafts, figure));
  return null;
}
