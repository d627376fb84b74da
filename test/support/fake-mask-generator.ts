import { hashMaskKey, preprocessKey, validatePrompt, type DrawnMask, type MaskKey } from '../../src/domain/mask.js';
import type { MaskRecord } from '../../src/domain/stored-mask.js';
import type { GeneratedMask, MaskGenerator, MaskRequest } from '../../src/masks/mask-generator.js';
import { drawnMask } from './drawn-masks.js';

/**
 * Makes a mask when a test calls `finish`. The log holds the prompt of each request that began, and the prompt with an
 * exclamation mark when its turn at the model came.
 */
export class FakeMaskGenerator implements Pick<MaskGenerator, 'keyFor' | 'generate' | 'close'> {
  /** Of the segmenter. */
  version = '1';
  readonly log: string[] = [];
  private readonly endings = new Map<string, (result: DrawnMask | Error) => void>();

  keyFor({ panel, figure, prompt, imageType }: MaskRequest): Promise<MaskRecord> {
    const { imageHash } = figure;
    return Promise.resolve(this.toRecord({ imageHash, box: panel.box, prompt: validatePrompt(prompt), imageType }));
  }

  async generate({ key }: MaskRecord, waitForTurn: () => Promise<void>): Promise<GeneratedMask> {
    this.log.push(key.prompt);
    await waitForTurn();
    this.log.push(`${key.prompt}!`);
    if (this.endings.has(key.prompt)) throw new Error('Expected different prompts at the model');
    const result = await new Promise<DrawnMask | Error>((resolve) => this.endings.set(key.prompt, resolve));
    if (result instanceof Error) throw result;
    return { record: this.toRecord(key), drawn: result };
  }

  /** The prompts at the model, in the order in which they came. */
  get atModel(): readonly string[] {
    return [...this.endings.keys()];
  }

  /** Ends the work of the model on a prompt. @param result an error fails it */
  async finish(prompt: string, result: DrawnMask | Error = drawnMask): Promise<void> {
    const end = this.endings.get(prompt);
    if (end === undefined) throw new Error(`Expected ${prompt} at the model but there is ${this.atModel.join(', ')}`);
    this.endings.delete(prompt);
    end(result);
    await settled();
  }

  async finishAll(): Promise<void> {
    for (let [prompt] = this.atModel; prompt !== undefined; [prompt] = this.atModel) await this.finish(prompt);
  }

  close(): Promise<void> {
    for (const end of this.endings.values()) end(new Error('closed'));
    return Promise.resolve();
  }

  private toRecord(asked: Omit<MaskKey, 'modelVersion' | 'preparation'>): MaskRecord {
    const key = { ...asked, modelVersion: this.version, preparation: preprocessKey(64) };
    return { hash: hashMaskKey(key), key, model: 'fake' };
  }
}

/** Ends after all promises that can be settled without waiting for anything outside. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
