import { z } from 'zod';
import { FigseekError, unknownFigure } from '../domain/errors.js';
import type { Figure } from '../domain/figure.js';
import { recordValues, type FigureChange, type FigureEdit } from '../domain/figure-edit.js';
import { issuesInWords } from '../domain/issues.js';
import { validateFirst, type SeqPage } from '../domain/page.js';
import type { Viewer } from '../domain/viewer.js';
import type { EmbeddingStore } from '../ports/embedding-store.js';
import type { FigureEditStore } from '../ports/figure-edit-store.js';
import type { FigureStore } from '../ports/figure-store.js';
import type { PageRequest } from './collections.js';
import type { FigureBuilder } from './figure-builder.js';

const defaultFirst = 50;

/** Texts are bounded as those of a record; blanks around them say nothing, and an empty one is none. */
const text = z.string().trim().max(100_000);
const changeSchema = z.object({
  caption: text.optional(),
  labels: z
    .array(text.min(1))
    .max(1000)
    .transform((labels) => [...new Set(labels)])
    .optional(),
  modality: text.transform((given) => (given === '' ? null : given)).optional(),
  license: text.transform((given) => (given === '' ? null : given)).optional(),
});

/** What a person wants to change. Null and undefined leave a value as it is; an empty text removes modality or license. */
export interface FigureUpdate {
  readonly caption?: string | null | undefined;
  readonly labels?: readonly string[] | null | undefined;
  readonly modality?: string | null | undefined;
  readonly license?: string | null | undefined;
}

/** A figure with what people changed of it; null where nobody did. */
interface EditedFigure {
  readonly figure: Figure;
  readonly edits: Awaited<ReturnType<FigureEditStore['current']>>;
}

/**
 * Lets people change what is said of a figure. Their values are found at once, and stay when the figure's record is read
 * again, until they are given back to the record.
 */
export class FigureEdits {
  /** @param maxFirst how many changes a page has at most on this server */
  constructor(
    /** Of the model that serves. */
    private readonly currentMaker: () => Pick<FigureBuilder, 'space' | 'recaption'>,
    private readonly stores: {
      readonly figures: Pick<FigureStore, 'figure'>;
      readonly edits: FigureEditStore;
      readonly embeddings: Pick<EmbeddingStore, 'vectorOfPanel'>;
    },
    private readonly maxFirst: number,
  ) {}

  /**
   * A changed license removes the license in the publisher's words, which no longer agrees with it.
   * @throws {FigseekError} NOT_FOUND; BAD_USER_INPUT for no value at all, or one that cannot be taken; CONFLICT where the
   *   figure was changed meanwhile; what an encoder throws
   */
  async update(viewer: Viewer, figureId: string, given: FigureUpdate): Promise<Figure> {
    const { figure, edits } = await this.find(figureId);
    const wanted = checked(given);
    const change: FigureChange =
      wanted.license === undefined || wanted.license === figure.license ? wanted : { ...wanted, licenseText: null };
    return this.apply(viewer, { figure, edits }, differing(change, figure), false);
  }

  /**
   * Gives all changes back: each field has the value of the record again, at once.
   * @throws {FigseekError} NOT_FOUND; CONFLICT for a figure that nobody changed
   */
  async release(viewer: Viewer, figureId: string): Promise<Figure> {
    const { figure, edits } = await this.find(figureId);
    const change = recordValues(edits?.kept ?? {});
    if (Object.keys(change).length === 0) {
      throw new FigseekError('CONFLICT', `Nobody changed the figure ${figure.id}`);
    }
    return this.apply(viewer, { figure, edits }, change, true);
  }

  /** What was changed, by whom and when, in the order in which it was. */
  async history(_viewer: Viewer, figureId: string, { after, first }: PageRequest): Promise<SeqPage<FigureEdit>> {
    return this.stores.edits.history(figureId, after, validateFirst(first ?? defaultFirst, this.maxFirst));
  }

  private async apply(
    viewer: Viewer,
    { figure, edits }: EditedFigure,
    change: FigureChange,
    isRelease: boolean,
  ): Promise<Figure> {
    if (Object.keys(change).length === 0) return figure;
    const whole =
      change.caption === undefined
        ? null
        : await this.currentMaker().recaption(figure, change.caption, this.stores.embeddings);
    await this.stores.edits.apply({
      ...{ figureId: figure.id, imageHash: figure.imageHash, seenAt: edits?.at ?? null, change, isRelease, whole },
      editor: viewer.kind,
    });
    return (await this.find(figure.id)).figure;
  }

  /** The edits are read before the figure: what somebody changes between the two is a conflict, and is not lost. */
  private async find(id: string): Promise<EditedFigure> {
    const edits = await this.stores.edits.current(id);
    const figure = await this.stores.figures.figure(id);
    if (figure === null) throw unknownFigure(id);
    return { figure, edits };
  }
}

function checked(given: FigureUpdate): FigureChange {
  const named = Object.fromEntries(Object.entries(given).filter(([, value]) => value != null));
  if (Object.keys(named).length === 0) {
    throw new FigseekError(
      'BAD_USER_INPUT',
      'Expected at least one of caption, labels, modality and license but received none',
    );
  }
  const parsed = changeSchema.safeParse(named);
  if (!parsed.success) {
    throw new FigseekError('BAD_USER_INPUT', `The change is not valid: ${issuesInWords(parsed.error.issues)}`);
  }
  return Object.fromEntries(Object.entries(parsed.data).filter(([, value]) => value !== undefined));
}

/** What is otherwise than it is now. */
function differing(change: FigureChange, figure: Figure): FigureChange {
  const isOther = ([field, value]: readonly [string, unknown]) =>
    JSON.stringify(value) !== JSON.stringify(figure[field as keyof FigureChange]);
  return Object.fromEntries(Object.entries(change).filter(isOther));
}
