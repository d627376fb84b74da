import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { FigseekError } from '../domain/errors.js';
import type { Box, Figure, Panel } from '../domain/figure.js';
import type { FigureId, ImageHash, PanelId } from '../domain/ids.js';
import { validatePrompt, maskHashOf, type DrawnMask, type MaskKey } from '../domain/mask.js';
import type { MaskRecord, StoredMask } from '../adapters/sqlite/mask.repository.js';
import { MaskJobs } from './scheduling/mask-jobs.js';
import type { GeneratedMask, MaskRequest } from './mask-generator.js';
import { MaskScheduler } from './scheduling/mask-scheduler.js';
import { Masks } from './masks.js';

const box: Box = { x: 0, y: 0, width: 4, height: 4 };
const drawn: DrawnMask = {
  ...{ found: true, pValue: 0.5, similarity: 1, areaPixels: 4, areaFraction: 0.25, boxes: [] },
  rle: { size: [4, 4], counts: '04<' },
  polygons: [],
};

/** Draws when it is told to, and notes what stands before it: `prompt` of what is prepared, `prompt!` of what is in the model. */
class FakeMaker {
  version = '1';
  readonly log: string[] = [];
  private readonly open = new Map<string, (result: DrawnMask | Error) => void>();

  keyFor({ panel, figure, prompt, imageType }: MaskRequest): Promise<MaskRecord> {
    const { imageHash } = figure;
    return Promise.resolve(this.of({ imageHash, box: panel.box, prompt: validatePrompt(prompt), imageType }));
  }

  of(asked: Omit<MaskKey, 'modelVersion' | 'preparation'>): MaskRecord {
    const key = { ...asked, modelVersion: this.version, preparation: '1/64' };
    return { hash: maskHashOf(key), key, model: 'fake' };
  }

  async generate({ key }: MaskRecord, turn: () => Promise<void>): Promise<GeneratedMask> {
    this.log.push(key.prompt);
    await turn();
    this.log.push(`${key.prompt}!`);
    if (this.open.has(key.prompt)) throw new Error('prompts in the model have different names here');
    const result = await new Promise<DrawnMask | Error>((resolve) => this.open.set(key.prompt, resolve));
    if (result instanceof Error) throw result;
    return { record: this.of(key), drawn: result };
  }

  /** Those in the model, as they came. */
  get inModel(): readonly string[] {
    return [...this.open.keys()];
  }

  async finish(prompt: string, result: DrawnMask | Error = drawn): Promise<void> {
    const end = this.open.get(prompt);
    if (end === undefined) throw new Error(`${prompt} is not in the model, but ${this.inModel.join(', ')}`);
    this.open.delete(prompt);
    end(result);
    await settled();
  }

  async finishAll(): Promise<void> {
    for (let [prompt] = this.inModel; prompt !== undefined; [prompt] = this.inModel) await this.finish(prompt);
  }

  close(): Promise<void> {
    for (const end of this.open.values()) end(new Error('closed'));
    return Promise.resolve();
  }
}

class FakeStore {
  readonly rows = new Map<string, StoredMask>();

  byHashes(hashes: readonly string[]): Promise<ReadonlyMap<string, StoredMask>> {
    return Promise.resolve(new Map([...this.rows].filter(([hash]) => hashes.includes(hash))));
  }

  saveDrawn(record: MaskRecord, { rle: _, polygons: __, ...measures }: DrawnMask): Promise<StoredMask> {
    return this.save(record, { status: 'READY', measures });
  }

  saveFailed(record: MaskRecord, error: string): Promise<StoredMask> {
    return this.save(record, { status: 'FAILED', error, at: new Date() });
  }

  private save({ hash, key, model }: MaskRecord, outcome: StoredMask['outcome']): Promise<StoredMask> {
    const { imageHash, prompt, imageType } = key;
    const stored = { hash, imageHash, box: key.box, model, prompt, imageType, isRecognised: false, outcome };
    this.rows.set(hash, stored);
    return Promise.resolve(stored);
  }
}

function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

describe('masks on demand', () => {
  let maker: FakeMaker;
  let store: FakeStore;
  let masks: Masks;
  let jobs: MaskJobs;
  const panels = new Map<PanelId, Panel>();
  const figures = new Map<FigureId, Figure>();

  beforeEach(() => {
    maker = new FakeMaker();
    store = new FakeStore();
    for (const figure of [0, 1, 2]) addFigure(figure);
    const reader = { panelsByIds: () => Promise.resolve(panels), figuresByIds: () => Promise.resolve(figures) };
    masks = new Masks(maker, store, reader, new MaskScheduler());
    jobs = new MaskJobs(masks);
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    await masks.close();
  });

  function addFigure(number: number, image = `image ${number}`): void {
    const id = `fig_${number}` as FigureId;
    const panelId = `pan_${number}_0` as PanelId;
    panels.set(panelId, { id: panelId, figureId: id, label: null, caption: null, box });
    figures.set(id, { id, modality: null, imageHash: image as ImageHash } as Figure);
  }

  function target(number: number) {
    const panel = panels.get(`pan_${number}_0` as PanelId);
    const figure = figures.get(`fig_${number}` as FigureId);
    if (panel === undefined || figure === undefined) throw new Error('there is such a figure');
    return { panel, figure };
  }

  function ask(figure: number, prompt: string, waitMs = 60_000, signal?: AbortSignal) {
    const asked = masks.ask({ ...target(figure), prompt, imageType: null }, waitMs, signal);
    asked.catch(() => undefined);
    return asked;
  }

  function request(figure: number, prompts: readonly string[]) {
    const { panel, figure: asked } = target(figure);
    const panelsFor = (wanted: readonly string[]) => Promise.resolve(wanted.map(() => panel));
    return jobs.request([{ figure: asked, panelsFor }], prompts, null);
  }

  function prompts(count: number, name = 'p'): readonly string[] {
    return Array.from({ length: count }, (_, i) => `${name}${i}`);
  }

  it('makes a mask once for all who ask meanwhile, and never again', async () => {
    const asked = [ask(0, 'lung'), ask(0, ' LUNG ')];
    await settled();
    await maker.finish('lung');
    const [one, other] = await Promise.all(asked);
    expect(one).toMatchObject({ prompt: 'lung', outcome: { status: 'READY' } });
    expect(other).toEqual(one);
    expect(await ask(0, 'lung')).toEqual(one);
    expect(maker.log).toEqual(['lung', 'lung!']);
  });

  it('lets a person pass bulk work, in the queue and before the model', async () => {
    await request(0, ['b0', 'b1', 'b2', 'b3']);
    await settled();
    expect(maker.inModel).toEqual(['b0', 'b1']);
    const person = ask(1, 'person');
    await settled();
    expect(maker.log.at(-1)).toBe('person!');
    await maker.finish('b0');
    expect(maker.log).not.toContain('b2');
    await maker.finish('person');
    expect(await person).toMatchObject({ outcome: { status: 'READY' } });
    expect(maker.inModel).toEqual(['b1', 'b2']);
  });

  it('holds a bulk mask that is prepared, until nobody waits', async () => {
    const persons = [ask(1, 'a'), ask(1, 'b')];
    await settled();
    await request(0, ['bulk']);
    await maker.finish('a');
    expect(maker.log.at(-1)).toBe('bulk');
    await maker.finish('b');
    await Promise.all(persons);
    expect(maker.log.at(-1)).toBe('bulk!');
  });

  it('takes along what only bulk work had asked for', async () => {
    await request(0, ['b0', 'b1', 'b2', 'b3', 'b4']);
    const person = ask(0, 'b4');
    await settled();
    expect(maker.inModel).toEqual(['b0', 'b1', 'b4']);
    await maker.finish('b4');
    expect(await person).toMatchObject({ outcome: { status: 'READY' } });
    expect(maker.log).not.toContain('b2');
  });

  it('puts what nobody waits for any more behind what people wait for, and makes it all the same', async () => {
    const busy = [ask(0, 'x'), ask(0, 'y')];
    const gone = new AbortController();
    const left = ask(1, 'left', 60_000, gone.signal);
    const polled = await ask(1, 'polled', 0);
    const impatient = ask(1, 'impatient', 1);
    await settled();
    gone.abort(new Error('went away'));
    await expect(left).rejects.toThrow('went away');
    expect(polled).toMatchObject({ outcome: null });
    expect(await impatient).toMatchObject({ outcome: null });
    const waited = ask(2, 'waited');
    await settled();
    await maker.finish('x');
    expect(maker.inModel).toEqual(['y', 'waited']);
    await maker.finishAll();
    expect(maker.log.filter((entry) => entry.endsWith('!'))).toEqual([
      ...['x!', 'y!', 'waited!'],
      ...['polled!', 'left!', 'impatient!'],
    ]);
    expect(await ask(1, 'polled', 0)).toMatchObject({ id: polled.id, outcome: { status: 'READY' } });
    await Promise.all([...busy, waited]);
  });

  it('prefers the picture that was taken last', async () => {
    await request(0, ['x0']);
    await request(1, ['x1']);
    await request(0, prompts(30));
    await request(1, ['y']);
    await settled();
    await maker.finishAll();
    const order = maker.log.filter((entry) => !entry.endsWith('!'));
    expect(order.slice(0, 3)).toEqual(['x0', 'x1', 'y']);
    expect(order).toHaveLength(33);
  });

  it('refuses people past 500 that wait, and jobs past 5000 masks, also when they come together', async () => {
    const asked = prompts(510).map((prompt) => ask(0, prompt));
    const results = Promise.allSettled(asked);
    await settled();
    // Where people find no room, a job's mask is not lost.
    const { id } = await request(2, ['job', 'job 2']);
    await settled();
    void ask(2, 'job 2');
    await settled();
    expect(jobs.find(id)?.masks.map(({ end }) => end)).toEqual([null, null]);
    const requests = await Promise.allSettled(prompts(4).map((name) => request(1, prompts(1500, `${name}-`))));
    expect(requests.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled', 'rejected']);
    expect(requests[3]).toMatchObject({ reason: { code: 'RATE_LIMITED' } });
    await masks.close();
    const codes = (await results).map((one) => (one.status === 'rejected' ? (one.reason as FigseekError).code : null));
    expect(codes.filter((code) => code === 'RATE_LIMITED')).toHaveLength(8);
    expect(codes.filter((code) => code === 'MODEL_UNAVAILABLE')).toHaveLength(502);
  });

  it('tells a failed mask for a minute, and then tries again', async () => {
    jest.spyOn(console, 'error').mockImplementation(() => undefined);
    const first = ask(0, 'lung');
    await settled();
    await maker.finish('lung', new TypeError('x is not a function'));
    expect(await first).toMatchObject({ outcome: { status: 'FAILED', error: expect.stringMatching(/log says more/) } });
    expect(await ask(0, 'lung')).toMatchObject({ outcome: { status: 'FAILED' } });
    expect(maker.log).toHaveLength(2);
    const now = Date.now();
    jest.spyOn(Date, 'now').mockReturnValue(now + 60_001);
    const again = ask(0, 'lung');
    await settled();
    expect(await masks.find((await first).id)).toMatchObject({ outcome: null });
    await maker.finish('lung');
    expect(await again).toMatchObject({ id: (await first).id, outcome: { status: 'READY' } });
  });

  it('refuses a prompt that the model cannot read, and keeps nothing', async () => {
    const asked = ask(0, 'odd');
    await settled();
    await maker.finish('odd', new FigseekError('BAD_USER_INPUT', 'odd'));
    await expect(asked).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    await expect(ask(0, 'lung <|endoftext|>')).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    expect(store.rows.size).toBe(0);
  });

  it('knows a mask no more where its figure is gone, or has another picture', async () => {
    const asked = ask(0, 'lung');
    const other = ask(1, 'liver');
    await settled();
    const pending = await ask(0, 'lung', 0);
    expect(await masks.find(pending.id)).toMatchObject({ outcome: null });
    addFigure(0, 'another image');
    expect(await masks.find(pending.id)).toBeNull();
    await maker.finishAll();
    const { id } = await asked;
    expect(await masks.find(id)).toBeNull();
    addFigure(0);
    expect(await masks.find(id)).toMatchObject({ outcome: { status: 'READY' } });
    const liver = await other;
    panels.delete(liver.panelId);
    expect(await masks.findMany([liver.id, id, 'msk_0'])).toMatchObject([null, { id }, null]);
  });

  it('keeps what was drawn by another segmenter under that one', async () => {
    const asked = ask(0, 'lung');
    await settled();
    const pending = await ask(0, 'lung', 0);
    maker.version = '2';
    await maker.finish('lung');
    const made = await asked;
    expect(made.id).not.toBe(pending.id);
    expect(await ask(0, 'lung')).toEqual(made);
    expect([...store.rows.keys()]).toEqual([made.hash]);
  });

  describe('in a job', () => {
    const ends = (id: string) => jobs.find(id)?.masks.map(({ end }) => end?.status ?? null);

    it('tells how far it is', async () => {
      const { id, masks: begun } = await request(0, ['a', 'A ', 'b', 'c']);
      expect(begun.map(({ end }) => end)).toEqual([null, null, null]);
      await settled();
      await maker.finish('a');
      expect(ends(id)).toEqual(['READY', null, null]);
      await maker.finish('b', new FigseekError('UNSUPPORTED_MEDIA', 'too large'));
      expect(jobs.find(id)?.masks[1]?.end).toMatchObject({ status: 'FAILED', error: 'too large' });
      await maker.finish('c');
      expect(ends(id)).toEqual(['READY', 'FAILED', 'READY']);
    });

    it('is cancelled but for what others want', async () => {
      const { id } = await request(0, ['a', 'b', 'c', 'd', 'e']);
      const other = await request(0, ['d']);
      await ask(0, 'e', 0);
      await settled();
      await maker.finish('a');
      expect(jobs.cancel(id).masks.map(({ end }) => end?.status)).toEqual([
        'READY',
        ...Array<string>(4).fill('FAILED'),
      ]);
      await maker.finishAll();
      expect(maker.log).not.toContain('c');
      expect(maker.log).toEqual(expect.arrayContaining(['b!', 'd!', 'e!']));
      expect(ends(other.id)).toEqual(['READY']);
      expect(ends(id)).toEqual(['READY', ...Array<string>(4).fill('FAILED')]);
      expect(() => jobs.cancel('mjb_0')).toThrow(/no mask job/);
    });

    it('ends where the server is stopped', async () => {
      const { id } = await request(0, ['a', 'b', 'c']);
      const person = ask(1, 'person');
      await settled();
      await masks.close();
      await expect(person).rejects.toMatchObject({ code: 'MODEL_UNAVAILABLE' });
      await settled();
      expect(ends(id)).toEqual(['FAILED', 'FAILED', 'FAILED']);
      expect(store.rows.size).toBe(0);
    });
  });
});
