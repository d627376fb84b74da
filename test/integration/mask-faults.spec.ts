import { appendFileSync, cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { startServer, type Server } from '../support/figseek-process.js';
import {
  askServer,
  corpusOf,
  modelProcessesOf,
  starterOnly,
  withSegmenter,
  type Corpus,
} from '../support/mask-server.js';

interface MaskData {
  readonly id: string;
  readonly status: string;
  readonly error: string | null;
  readonly rle: object | null;
}

const maskQuery = `query ($id: ID!, $prompt: String!, $waitMs: Int) {
  figure(id: $id) { mask(prompt: $prompt, waitMs: $waitMs) { id status error rle } } }`;

describe('masks where something is amiss', () => {
  let corpus: Corpus;
  let env: Record<string, string>;
  let ids: readonly string[];
  let server: Server;

  beforeAll(async () => {
    corpus = await corpusOf(4);
    env = await withSegmenter(corpus.place);
  });

  afterEach(async () => {
    await server.stop();
  });

  async function started(variables: Record<string, string>): Promise<void> {
    server = await startServer(corpus.place, variables);
    const { data } = await askServer<{ figures: { nodes: { id: string }[] } }>(server, '{ figures { nodes { id } } }');
    ids = data?.figures.nodes.map(({ id }) => id) ?? [];
  }

  function ask(figure: number, prompt: string, waitMs = 120_000) {
    return askServer<{ figure: { mask: MaskData } }>(server, maskQuery, { id: ids[figure], prompt, waitMs });
  }

  it('says how to fix it where no segmenter is installed, and offers no prompts', async () => {
    await started(starterOnly());
    const { errors } = await ask(0, 'liver');
    expect(errors).toMatchObject([
      { message: expect.stringMatching(/figseek models import/), extensions: { code: 'MODEL_UNAVAILABLE' } },
    ]);
    const { data } = await askServer(server, '{ maskPrompts { prompt } }');
    expect(data).toEqual({ maskPrompts: [] });
  });

  it('starts the segmenter with the first mask, and starts it again after each death of its process', async () => {
    await started(env);
    const encoderAlone = modelProcessesOf(server);
    const first = await ask(0, 'left lung');
    expect(first.data?.figure.mask).toMatchObject({ status: 'READY', error: null });
    const segmenters = modelProcessesOf(server).filter((child) => !encoderAlone.includes(child));
    expect(segmenters).toHaveLength(1);
    const asked = ['liver', 'tumor', 'kidney', 'edema'].flatMap((prompt) => ids.map((_, i) => ask(i, prompt)));
    for (let deaths = 0; deaths < 3;) {
      const [segmenter] = modelProcessesOf(server).filter((child) => !encoderAlone.includes(child));
      if (segmenter !== undefined) {
        process.kill(segmenter, 'SIGKILL');
        deaths += 1;
      }
      await new Promise((resolve) => setTimeout(resolve, 150));
    }
    const answers = await Promise.all(asked);
    expect(answers).toHaveLength(16);
    // A death takes the mask in the model and those that stand before it, at most.
    expect(answers.filter(({ data }) => data?.figure.mask.status === 'READY').length).toBeGreaterThan(4);
    for (const { data } of answers) {
      const drawn = data?.figure.mask;
      if (drawn?.status === 'READY') expect(drawn.rle).not.toBeNull();
      else expect(drawn).toMatchObject({ status: 'FAILED', error: expect.stringMatching(/died|loaded/), rle: null });
    }
    expect((await ask(2, 'after all')).data?.figure.mask.status).toBe('READY');
  });

  it('tells a FAILED mask with its reason at every question, without trying anew at once', async () => {
    const damaged = copyOfModels();
    appendFileSync(path.join(damaged, 'narrow', 'merges.txt'), 'x');
    await started({ ...env, FIGSEEK_MODELS: damaged });
    const failed = await ask(3, 'pancreas');
    const reason = failed.data?.figure.mask.error;
    expect(failed.data?.figure.mask).toMatchObject({
      status: 'FAILED',
      error: expect.stringMatching(/merges\.txt differs from model\.json; import the model again/),
    });
    expect((await ask(3, 'pancreas', 0)).data?.figure.mask).toMatchObject({ status: 'FAILED', error: reason });
  });

  it('answers every question when the server is stopped', async () => {
    await started(env);
    const asked = prompts(6).flatMap((prompt) => ids.map((_, i) => ask(i, prompt, 300_000)));
    await Promise.race(asked);
    await server.stop();
    const answers = await Promise.all(asked);
    const codes = answers.map(({ data, errors }) => errors?.[0]?.extensions.code ?? data?.figure.mask.status);
    expect(new Set(codes)).toEqual(new Set(['READY', 'MODEL_UNAVAILABLE']));
  });

  it('reads a job of which a figure was deleted, and cancels the rest', async () => {
    await started(env);
    const job = 'id status done total masks { status error panel { figure { id } } }';
    const { data } = await askServer<{ requestMasks: { id: string; masks: object[] } }>(
      server,
      `mutation ($ids: [ID!]!, $prompts: [String!]!) { requestMasks(figureIds: $ids, prompts: $prompts) { ${job} } }`,
      { ids, prompts: prompts(10, 'job') },
    );
    expect(data?.requestMasks).toMatchObject({ status: 'PENDING', total: 40 });
    expect(data?.requestMasks.masks).toHaveLength(40);
    await askServer(server, 'mutation ($id: ID!) { deleteFigure(id: $id) }', { id: ids[3] });
    const cancelled = await askServer<{ cancelMasks: { masks: MaskData[] } }>(
      server,
      `mutation ($id: ID!) { cancelMasks(jobId: $id) { ${job} } }`,
      { id: data?.requestMasks.id },
    );
    expect(cancelled.errors).toBeUndefined();
    expect(cancelled.data).toMatchObject({ cancelMasks: { done: 40, total: 40 } });
    expect(cancelled.data?.cancelMasks.masks).toHaveLength(30);
    expect(cancelled.data?.cancelMasks.masks.some(({ error }) => error === 'Cancelled')).toBe(true);
  });

  it('draws by the package that stands there now, where it was replaced under the server', async () => {
    const models = copyOfModels();
    await started({ ...env, FIGSEEK_MODELS: models });
    const before = await ask(0, 'replaced');
    change(models, ({ version }) => ({ version: version.replace(/^.{4}/, 'beef') }));
    // The next drawing shows it.
    expect((await ask(1, 'replaced')).data?.figure.mask.status).toBe('READY');
    const after = await ask(0, 'replaced');
    expect(after.data?.figure.mask).toMatchObject({ status: 'READY', rle: before.data?.figure.mask.rle });
    expect(after.data?.figure.mask.id).not.toBe(before.data?.figure.mask.id);
  });

  it('takes the statistics of the image type that is asked for, where several know the prompt', async () => {
    const models = copyOfModels();
    change(models, ({ version, statistics }) => ({
      statistics: {
        ...statistics,
        'CT-Abdomen': { ...statistics['CT-Abdomen'], 'left lung': statistics['CT-Abdomen']?.['liver'] ?? [] },
      },
      version: version.replace(/^.{4}/, 'cafe'),
    }));
    await started({ ...env, FIGSEEK_MODELS: models });
    const typed = `query ($id: ID!, $type: String) {
      figure(id: $id) { mask(prompt: "left lung", imageType: $type, waitMs: 120000) { id pValue imageType } } }`;
    const answers = [];
    for (const type of [null, 'x-ray chest', 'CT-Abdomen', 'X-Ray-Chest', 'MRI']) {
      answers.push(await askServer<{ figure: { mask: TypedMask } | null }>(server, typed, { id: ids[0], type }));
    }
    const [none, chest, abdomen, again, unknown] = answers.map(({ data }) => data?.figure?.mask);
    expect(answers.slice(0, 4).flatMap(({ errors }) => errors ?? [])).toEqual([]);
    expect([none, chest, abdomen].map((one) => one?.imageType)).toEqual([null, 'X-Ray-Chest', 'CT-Abdomen']);
    expect([none, chest, abdomen].map((one) => typeof one?.pValue)).toEqual(['object', 'number', 'number']);
    expect(new Set([none, chest, abdomen].map((one) => one?.id)).size).toBe(3);
    expect(again).toEqual(chest);
    expect(unknown).toBeUndefined();
    expect(answers[4]?.errors?.[0]).toMatchObject({
      message: expect.stringMatching(/no image type MRI; it knows X-Ray-Chest/),
      extensions: { code: 'BAD_USER_INPUT' },
    });
  });

  function copyOfModels(): string {
    const models = mkdtempSync(path.join(tmpdir(), 'models-'));
    cpSync(env['FIGSEEK_MODELS'] ?? '', models, { recursive: true });
    return models;
  }
});

interface TypedMask {
  readonly id: string;
  readonly pValue: number | null;
  readonly imageType: string | null;
}

interface Manifest {
  readonly version: string;
  readonly statistics: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Writes another `model.json` of the segmenter. */
function change(models: string, changed: (manifest: Manifest) => Partial<Manifest>): void {
  const file = path.join(models, 'narrow', 'model.json');
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as Manifest;
  writeFileSync(file, JSON.stringify({ ...manifest, ...changed(manifest) }));
}

function prompts(count: number, name = 'prompt'): readonly string[] {
  return Array.from({ length: count }, (_, i) => `${name} ${i}`);
}
