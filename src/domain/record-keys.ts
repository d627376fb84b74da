import { articleKeys, boxKeys, panelKeys, recordKeys, type UnknownKey } from './figure-record.js';

/** What others call our keys. */
const synonyms: Readonly<Record<string, string>> = {
  licence: 'license',
  tags: 'labels',
  keywords: 'labels',
  image_path: 'image',
  imagepath: 'image',
  file: 'image',
  filename: 'image',
  file_name: 'image',
  description: 'caption',
  text: 'caption',
  legend: 'caption',
  alt_text: 'alt',
  alttext: 'alt',
  pixel_spacing: 'pixelSpacing',
  spacing: 'pixelSpacing',
  copyright: 'credit',
  paper: 'article',
  publication: 'article',
  subfigures: 'panels',
  subfigure: 'panels',
  sub_figures: 'panels',
};

/** The same inside a panel. */
const panelSynonyms: Readonly<Record<string, string>> = {
  bbox: 'box',
  bounding_box: 'box',
  boundingbox: 'box',
  rectangle: 'box',
  region: 'box',
  id: 'label',
  name: 'label',
  letter: 'label',
  description: 'caption',
  text: 'caption',
  legend: 'caption',
};

/**
 * The keys of a record that nothing reads. `extra`, and keys that begin with `x-`, are the writer's own; a key without a
 * value tells nothing.
 */
export function findUnknownKeys(value: unknown): readonly UnknownKey[] {
  const unknown = keysOf(value).filter((key) => !recordKeys.includes(key) && !isOwn(key));
  const nested = (['article', 'source'] as const).flatMap((name) =>
    keysOf(fieldOf(value, name))
      .filter((key) => !articleKeys.includes(key) && !isOwn(key))
      .map((key) => ({ key: `${name}.${key}`, meant: likelyKey(key, articleKeys, `${name}.`) })),
  );
  // Only one of them is read.
  const isDoubled = isGiven(fieldOf(value, 'article')) && isGiven(fieldOf(value, 'source'));
  return [
    ...unknown.map((key) => ({ key, meant: meantBy(key) })),
    ...nested,
    ...unknownPanelKeys(value),
    ...(isDoubled ? [{ key: 'source', meant: 'article' }] : []),
  ];
}

/** Each key once, in whatever number of panels it stands: keys are counted by records. */
function unknownPanelKeys(value: unknown): readonly UnknownKey[] {
  const given = fieldOf(value, 'panels');
  const panels = Array.isArray(given) ? (given as readonly unknown[]) : [];
  const names = (from: readonly unknown[], known: readonly string[]) =>
    [...new Set(from.flatMap(keysOf))].filter((key) => !known.includes(key) && !isOwn(key));
  const meantInPanel = (key: string) => {
    const plain = key.toLowerCase();
    if (Object.hasOwn(panelSynonyms, plain)) return `panels.${panelSynonyms[plain] ?? ''}`;
    return likelyKey(key, panelKeys, 'panels.');
  };
  const boxes = panels.map((panel) => fieldOf(panel, 'box'));
  return [
    ...names(panels, panelKeys).map((key) => ({ key: `panels.${key}`, meant: meantInPanel(key) })),
    ...names(boxes, boxKeys).map((key) => ({ key: `panels.box.${key}`, meant: null })),
  ];
}

function meantBy(key: string): string | null {
  const plain = key.toLowerCase();
  if (Object.hasOwn(synonyms, plain)) return synonyms[plain] ?? null;
  if (articleKeys.includes(plain)) return `article.${plain}`;
  return likelyKey(key, recordKeys, '') ?? likelyKey(key, articleKeys, 'article.');
}

function likelyKey(key: string, known: readonly string[], prefix: string): string | null {
  const plain = key.toLowerCase();
  const near = known
    .filter((one) => one.length > 2 && Math.abs(one.length - plain.length) <= 2)
    .map((one) => ({ one, apart: distance(plain, one.toLowerCase()) }))
    .filter(({ one, apart }) => apart <= (one.length < 5 ? 1 : 2))
    // Exchanged letters leave the length as it is.
    .sort(
      (a, b) => a.apart - b.apart || Math.abs(a.one.length - plain.length) - Math.abs(b.one.length - plain.length),
    )[0];
  return near === undefined ? null : `${prefix}${near.one}`;
}

/** Letters to be put in, left out or exchanged to make one word of the other. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries()) {
      const changed = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(changed, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

function isOwn(key: string): boolean {
  return key === 'extra' || key.startsWith('x-');
}

function keysOf(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  return Object.entries(value).flatMap(([key, given]) => (isGiven(given) ? [key] : []));
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}
