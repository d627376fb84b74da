import { classListKey, figureClasses, promptsOf } from '../domain/figure-classes.js';
import { linearHeadOf, type LinearHead } from '../domain/linear-head.js';
import { compoundByPanels } from '../domain/panel-class.js';
import { PanelClassifier, zeroShotWeights, type LinearWeights } from '../domain/panel-classifier.js';
import { meanDirection } from '../domain/vector.js';
import type { Encoder } from '../ports/encoder.js';
import type { FigureFilters } from '../ports/figure-filters.js';
import type { PanelClassStore } from '../ports/panel-class-store.js';
import type { SettingsStore } from '../ports/settings-store.js';

/** Panels of a transaction: their vectors are all that a run holds. */
const batchSize = 500;

/** Weights by the prompts of the classes. @throws {FigseekError} as the encoder */
export async function readZeroShotWeights(encoder: Pick<Encoder, 'embedTexts'>): Promise<LinearWeights> {
  const directions: Float32Array[] = [];
  for (const one of figureClasses) directions.push(meanDirection(await encoder.embedTexts(promptsOf(one), 'bulk')));
  return zeroShotWeights(
    figureClasses.map(({ name }) => name),
    directions,
  );
}

/**
 * Classifies the panels that have a vector of one model, by a linear head where one was kept for it, else by prompts. What is
 * done is stored a batch at a time, so that a run can be killed anywhere and run again. Until all panels have a class of a
 * new classifier, what the one before said is shown.
 */
export class PanelClassification {
  private zeroShot: Promise<LinearWeights> | null = null;

  constructor(
    private readonly encoder: Pick<Encoder, 'embedTexts' | 'model'>,
    private readonly classes: PanelClassStore,
    private readonly settings: Pick<SettingsStore, 'get'>,
    private readonly filters: Pick<FigureFilters, 'corpus'>,
  ) {}

  /** Changes with the figures of the corpus and with the head that classifies: only then there may be work. */
  async state(): Promise<string> {
    const { version } = await this.filters.corpus();
    return `${version} ${(await this.readHead())?.key ?? ''}`;
  }

  /**
   * @param options.onProgress panels that were classified
   * @param options.signal ends the run after the batch in hand
   * @returns how many panels were classified
   * @throws {FigseekError} as the encoder
   */
  async run(
    options: { readonly onProgress?: (done: number) => void; readonly signal?: AbortSignal } = {},
  ): Promise<number> {
    const { version } = this.encoder.model;
    const head = await this.readHead();
    const number = await this.classes.openClassifier(version, head?.key ?? classListKey);
    let done = 0;
    let classifier: PanelClassifier | null = null;
    for (let after = 0; options.signal?.aborted !== true;) {
      const part = { classifier: number, space: version, after, limit: batchSize };
      const panels = await this.classes.listUnclassified(part);
      const last = panels.at(-1);
      if (last === undefined) {
        await this.classes.show(number);
        return done;
      }
      const by = (classifier ??= await this.makeClassifier(head));
      const rows = panels.map(({ number: panel, isWhole, hasParts, vector }) => ({
        ...{ panel, of: hasParts ? compoundByPanels : by.classify(vector, isWhole) },
      }));
      await this.classes.save(number, rows);
      done += panels.length;
      options.onProgress?.(done);
      after = last.number;
    }
    return done;
  }

  private async readHead(): Promise<LinearHead | null> {
    const { version, dimensions } = this.encoder.model;
    return linearHeadOf(await this.settings.get('linear_heads'), version, dimensions);
  }

  private async makeClassifier(head: LinearWeights | null): Promise<PanelClassifier> {
    if (head !== null) return new PanelClassifier('LINEAR_HEAD', head);
    this.zeroShot ??= readZeroShotWeights(this.encoder);
    try {
      return new PanelClassifier('ZERO_SHOT', await this.zeroShot);
    } catch (error) {
      this.zeroShot = null;
      throw error;
    }
  }
}
