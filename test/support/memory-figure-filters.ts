import type { CorpusState } from '../../src/domain/corpus-state.js';
import type { Article } from '../../src/domain/article.js';
import type { FacetCount, FacetField } from '../../src/domain/facet.js';
import { asksForCollection, asksForMask, type FigureFilter } from '../../src/domain/figure-filter.js';
import { titleCharacters, type FigureOrder, type FigurePlace, type ListedPart } from '../../src/domain/figure-order.js';
import { FigureSet, type FigureScope } from '../../src/domain/figure-scope.js';
import type { FigureId } from '../../src/domain/ids.js';
import { toPage, type SeqPage } from '../../src/domain/page.js';
import { isMaskOf } from '../../src/domain/stored-mask.js';
import { valueKey } from '../../src/domain/text/fold-text.js';
import { FigureFilters, type FigurePage } from '../../src/ports/figure-filters.js';
import type { MaskStore } from '../../src/ports/mask-store.js';
import { payloadOf, showsAnyMask, toPayloadCondition, type FigurePayload, type MaskPayload } from './figure-payload.js';
import type { PanelClassStore } from '../../src/ports/panel-class-store.js';
import type { MemoryArticleStore } from './memory-article-store.js';
import type { MemoryCollectionStore } from './memory-collection-store.js';
import type { MemoryRecord } from './memory-figure-store.js';

/** The corpus whose figures are filtered. */
interface OwnedCorpus {
  readonly records: ReadonlyMap<FigureId, MemoryRecord>;
  readonly articles: Pick<MemoryArticleStore, 'articles' | 'formerIdsOf'>;
  readonly collections: Pick<MemoryCollectionStore, 'collectionsOf'>;
  readonly masks: Pick<MaskStore, 'ofImages'>;
  readonly classes: Pick<PanelClassStore, 'classesOf'>;
  readonly state: CorpusState;
  /** The figure's number, which it keeps as long as it is stored. */
  numberOf(figureId: FigureId): number;
}

interface NumberedFigure {
  readonly seq: number;
  readonly record: MemoryRecord;
}

/** Filters over figures in memory: a filter is a condition on the payload of each figure. */
export class MemoryFigureFilters extends FigureFilters {
  constructor(private readonly stored: OwnedCorpus) {
    super();
  }

  corpus(): Promise<CorpusState> {
    return Promise.resolve(this.stored.state);
  }

  async resolve(filter: FigureFilter | null, corpus: CorpusState): Promise<FigureScope> {
    const collections = filter !== null && asksForCollection(filter) ? corpus.collectionsVersion : '';
    const masks = filter !== null && asksForMask(filter) ? corpus.masksVersion : '';
    const key = JSON.stringify([corpus.version, collections, masks, filter]);
    const scope = { key, filter, lastFigure: null };
    return { ...scope, count: (await this.allowed(scope)).length };
  }

  async allowedFigures(scope: FigureScope): Promise<FigureSet> {
    return FigureSet.of((await this.allowed(scope)).map(({ seq }) => seq));
  }

  async page(scope: FigureScope, after: number, first: number): Promise<SeqPage<{ readonly id: FigureId }>> {
    const rows = (await this.allowed(scope)).filter(({ seq }) => seq > after);
    const items = rows.map(({ seq, record }) => ({ seq, id: record.figure.id }));
    return toPage(items.slice(0, first + 1), first);
  }

  async list(scope: FigureScope, { order, after, first }: ListedPart): Promise<FigurePage> {
    const isBehind = behind(order);
    const items = (await this.allowed(scope))
      .map((figure) => ({ id: figure.record.figure.id, place: this.placeOf(figure, order) }))
      .filter(({ place }) => after === null || isBehind(place, after) > 0)
      .sort((one, other) => isBehind(one.place, other.place));
    return { items: items.slice(0, first), hasNextPage: items.length > first };
  }

  async facet(
    scope: FigureScope,
    field: FacetField,
    limit: number,
    keys?: readonly string[],
  ): Promise<readonly FacetCount[]> {
    const counts = await this.countBy(
      (await this.allowed(scope)).map(({ record }) => record),
      field,
    );
    return counts.filter(({ key }) => keys?.includes(key) !== false).slice(0, limit);
  }

  facetOf(figureIds: readonly string[], field: FacetField): Promise<readonly FacetCount[]> {
    const records = [...new Set(figureIds)].flatMap((id) => this.stored.records.get(id as FigureId) ?? []);
    return this.countBy(records, field);
  }

  private async countBy(records: readonly MemoryRecord[], field: FacetField): Promise<readonly FacetCount[]> {
    return countValues(await Promise.all(records.map((record) => this.valuesOf(record, field))));
  }

  private placeOf({ seq, record }: NumberedFigure, order: FigureOrder): FigurePlace {
    const article = this.articleOf(record);
    if (order === 'ADDED' || order === 'NEWEST' || article === null) return { key: null, articleId: null, seq };
    const key = order === 'YEAR' ? article.year : [...valueKey(article.title)].slice(0, titleCharacters).join('');
    return { key, articleId: article.id, seq };
  }

  /** Allowed figures in the order of their numbers. */
  private async allowed({ filter, lastFigure }: Omit<FigureScope, 'count'>): Promise<readonly NumberedFigure[]> {
    const isAllowed = filter === null ? () => true : toPayloadCondition(filter);
    const allowed: NumberedFigure[] = [];
    for (const record of this.stored.records.values()) {
      const seq = this.stored.numberOf(record.figure.id);
      if (seq <= (lastFigure ?? seq) && isAllowed(await this.payloadOf(record))) allowed.push({ seq, record });
    }
    return allowed.sort((one, other) => one.seq - other.seq);
  }

  private async payloadOf(record: MemoryRecord): Promise<FigurePayload> {
    const article = this.articleOf(record);
    const former = article === null ? [] : this.stored.articles.formerIdsOf(article.id);
    const payload = payloadOf({ figure: record.figure, article });
    return {
      ...payload,
      articleIds: [...payload.articleIds, ...former],
      collections: this.stored.collections.collectionsOf(record.figure.id),
      masks: await this.masksOf(record),
      figureTypes: await this.classesOf(record, 'figureType'),
      predictedModalities: await this.classesOf(record, 'modality'),
    };
  }

  private async masksOf({ figure: { imageHash }, panels }: MemoryRecord): Promise<readonly MaskPayload[]> {
    const masks = await this.stored.masks.ofImages([imageHash]);
    return masks
      .filter((mask) => panels.some(({ box }) => isMaskOf(mask, imageHash, box)))
      .flatMap(({ prompt, outcome }) => (outcome.status === 'READY' ? [{ prompt, ...outcome.measures }] : []));
  }

  /** What the panels of a figure are classified as. */
  private async classesOf({ panels }: MemoryRecord, field: 'figureType' | 'modality'): Promise<readonly string[]> {
    const classes = await this.stored.classes.classesOf(panels.map(({ id }) => id));
    return [...new Set([...classes.values()].flatMap((one) => one[field] ?? []))];
  }

  private articleOf({ figure: { articleId } }: MemoryRecord): Article | null {
    return (articleId === null ? undefined : this.stored.articles.articles.get(articleId)) ?? null;
  }

  /** A figure carries each value once: of labels that differ in their writing alone, the first one counts. */
  private async valuesOf(record: MemoryRecord, field: FacetField): Promise<ReadonlyMap<string, string>> {
    const byKey = new Map<string, string>();
    for (const value of await this.listValues(record, field)) {
      const key = valueKey(value);
      if (key !== '' && !byKey.has(key)) byKey.set(key, value);
    }
    return byKey;
  }

  private async listValues(record: MemoryRecord, field: FacetField): Promise<readonly string[]> {
    const { figure } = record;
    const article = this.articleOf(record);
    switch (field) {
      case 'label':
        return figure.labels.map((label) => label.normalize('NFC').trim());
      case 'modality':
        return figure.modality === null ? [] : [figure.modality];
      case 'license':
        return [figure.license ?? article?.license ?? []].flat();
      case 'journal':
        return [article?.journal ?? []].flat();
      case 'year':
        return article?.year == null ? [] : [String(article.year)];
      case 'figureType':
        return this.classesOf(record, 'figureType');
      case 'predictedModality':
        return this.classesOf(record, 'modality');
      case 'hasAnyMask':
        return [String(showsAnyMask(await this.masksOf(record)))];
    }
  }
}

/** Compares two places: above 0 where the first comes behind the second. */
function behind(order: FigureOrder): (one: FigurePlace, other: FigurePlace) => number {
  const bySeq = order === 'NEWEST' ? -1 : 1;
  const byArticle = order === 'YEAR' ? -1 : 1;
  return (one, other) =>
    nullsLast(one.key, other.key, byArticle) ||
    nullsLast(one.articleId, other.articleId, byArticle) ||
    bySeq * (one.seq - other.seq);
}

/** Texts by their bytes in UTF-8, as SQLite compares them. */
function nullsLast(one: string | number | null, other: string | number | null, direction: number): number {
  if (one === null || other === null) return Number(one === null) - Number(other === null);
  if (typeof one === 'number' && typeof other === 'number') return direction * (one - other);
  return direction * Buffer.compare(Buffer.from(String(one)), Buffer.from(String(other)));
}

/** @param figures the values of each figure, as they are written, by their keys */
function countValues(figures: readonly ReadonlyMap<string, string>[]): readonly FacetCount[] {
  const writings = new Map<string, Map<string, number>>();
  for (const values of figures) {
    for (const [key, value] of values) {
      const counts = writings.get(key) ?? new Map<string, number>();
      writings.set(key, counts.set(value, (counts.get(value) ?? 0) + 1));
    }
  }
  const facets = [...writings].map(([key, counts]) => {
    const [[value] = ['']] = [...counts].sort(byCount);
    return { value, key, count: [...counts.values()].reduce((sum, count) => sum + count, 0) };
  });
  return facets.sort((one, other) => byCount([one.value, one.count], [other.value, other.count]));
}

/** Most frequent first, then by the value. */
function byCount([one, count]: [string, number], [other, otherCount]: [string, number]): number {
  return otherCount - count || (one < other ? -1 : 1);
}
