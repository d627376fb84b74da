import {
  AtlasFiguresText,
  AtlasHitsText,
  AtlasStatusText,
  CancelAtlasText,
  MakeAtlasText,
  type AtlasFiguresQuery,
  type AtlasHitsQuery,
  type AtlasStatusQuery,
  type FigureFilter,
  type SearchInput,
} from '../generated/operations';
import { AnswerError, ask, reach } from '../shared/server';
import { atlasText } from './atlas-text';
import { decodePoints, type AtlasPoints } from './points';

export type AtlasStatus = AtlasStatusQuery['atlas'];
export type AtlasFigure = NonNullable<AtlasFiguresQuery['atlas']['figures'][number]>;

/** Which figures of the corpus the map shows. */
export interface AtlasScope {
  readonly collectionId: string | null;
  readonly filter: FigureFilter | null;
}

export async function atlasStatus(scope: AtlasScope, signal: AbortSignal): Promise<AtlasStatus> {
  return (await ask<AtlasStatusQuery>(AtlasStatusText, scope, signal)).atlas;
}

/** All points of a map; null for a collection that does not exist. @throws {AnswerError} */
export async function atlasPoints(address: string, signal: AbortSignal): Promise<AtlasPoints | null> {
  const file = await reach(address, { signal }, async (answer) => {
    if (answer.status === 404) return null;
    if (!answer.ok) throw new AnswerError(atlasText.notRead(answer.status));
    return answer.arrayBuffer();
  });
  return file === null ? null : decodePoints(file);
}

/** So many figures are asked for at once. */
const figuresOfRequest = 100;

/** Figures in the order of their ids; those that are gone are left out. */
export async function atlasFigures(figureIds: readonly string[], signal: AbortSignal): Promise<readonly AtlasFigure[]> {
  const found = new Map<string, AtlasFigure>();
  for (let from = 0; from < figureIds.length; from += figuresOfRequest) {
    const part = figureIds.slice(from, from + figuresOfRequest);
    const asked = { figureIds: part, first: part.length };
    const { atlas } = await ask<AtlasFiguresQuery>(AtlasFiguresText, asked, signal);
    for (const figure of atlas.figures) if (figure !== null) found.set(figure.id, figure);
  }
  return figureIds.flatMap((id) => found.get(id) ?? []);
}

/** A search whose hits are shown on the map. */
export interface AtlasSearch {
  readonly query: SearchInput;
  readonly filter: FigureFilter | null;
}

/** So many of the best hits are shown, which is as many as `figureIds` of the atlas takes. */
const maxHits = 1000;
const hitsOfRequest = 200;

/** The best hits of a search, as far as they match, at most a thousand. */
export async function bestHits(search: AtlasSearch, signal: AbortSignal): Promise<readonly string[]> {
  const found: string[] = [];
  for (let after: string | null = null; found.length < maxHits;) {
    const asked: object = { ...search, first: hitsOfRequest, after };
    const { searchFigures }: AtlasHitsQuery = await ask<AtlasHitsQuery>(AtlasHitsText, asked, signal);
    const { nodes, pageInfo } = searchFigures;
    // Behind the last one that matches stand figures that are only nearer than others.
    const matching = nodes.slice(0, nodes.findLastIndex(({ isMatch }) => isMatch !== false) + 1);
    found.push(...matching.map(({ figure }) => figure.id));
    if (matching.length < nodes.length || !pageInfo.hasNextPage) break;
    after = pageInfo.endCursor ?? null;
  }
  return found.slice(0, maxHits);
}

export async function makeAtlas(): Promise<void> {
  await ask(MakeAtlasText, {});
}

export async function cancelAtlas(): Promise<void> {
  await ask(CancelAtlasText, {});
}
