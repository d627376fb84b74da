import { createHash } from 'node:crypto';

declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

export type ArticleId = Branded<'ArticleId'>;
export type FigureId = Branded<'FigureId'>;
export type PanelId = Branded<'PanelId'>;
export type CollectionId = Branded<'CollectionId'>;
export type ImageHash = Branded<'ImageHash'>;

/** sha256 of bytes or of a text, as 64 hexadecimal digits. */
export function sha256(content: Uint8Array | string): string {
  return createHash('sha256').update(content).digest('hex');
}

// Ids are made from what identifies a record, so that a second run, or a run on another machine, gives the same ids.
function shortHash(key: string): string {
  return sha256(key).slice(0, 24);
}

export function figureIdOf(sourceKey: string): FigureId {
  return `fig_${shortHash(sourceKey)}` as FigureId;
}

/** For a record whose key a figure of another source has already. */
export function figureIdInSource(source: string, sourceKey: string): FigureId {
  return `fig_${shortHash(`${source}\n${sourceKey}`)}` as FigureId;
}

export function articleIdOf(articleKey: string): ArticleId {
  return `art_${shortHash(articleKey)}` as ArticleId;
}

/** Panel 0 is the whole figure. */
export function panelIdOf(figureId: FigureId, ordinal: number): PanelId {
  return `${figureId.replace('fig_', 'pan_')}_${ordinal}` as PanelId;
}

/** The id of panel 0: for what is meant of the figure as a whole. */
export function wholeFigurePanelId(figureId: FigureId): PanelId {
  return panelIdOf(figureId, 0);
}

/** The figure that a panel is part of: both ids are made from the same key. */
export function figureIdOfPanel(panelId: PanelId): FigureId {
  return panelId.replace(/^pan_(.*)_\d+$/, 'fig_$1') as FigureId;
}

/** Whether the panel is panel 0, the whole figure. */
export function isWholeFigure(panelId: PanelId): boolean {
  return panelId.endsWith('_0');
}

export function imageHashOf(bytes: Uint8Array): ImageHash {
  return sha256(bytes) as ImageHash;
}
