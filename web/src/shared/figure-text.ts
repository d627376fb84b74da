interface Captioned {
  readonly caption: string;
  readonly labels: readonly string[];
}

/** What a figure shows, in words: its caption, else its labels. */
export function captionOf({ caption, labels }: Captioned): string {
  return caption === '' ? labels.join(', ') : caption;
}

interface Published {
  readonly label: string | null;
  readonly article: { readonly title: string; readonly year: number | null } | null;
}

/** Where a figure comes from: “2019 · Title of the article”. */
export function sourceOf({ article, label }: Published): string {
  return [article?.year, article?.title ?? label].filter(Boolean).join(' · ');
}

/** The address of a figure's image. @param size the longer side in pixels; as it is stored where it is left out */
export function imageAddress(figureId: string, size?: number): string {
  const address = `/images/${encodeURIComponent(figureId)}`;
  return size === undefined ? address : `${address}?size=${size}`;
}
