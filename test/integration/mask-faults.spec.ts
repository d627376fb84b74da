import { appendFileSync, cpSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeAll, expect, it } from '@jest/globals';
import { startServer, type Server } from '../figseek-process.js';
import { askServer, childrenOf, corpusOf, starterOnly, withSegmenter, type Corpus } from '../mask-server.js';
import { describeWithShared } from '../shared.js';

interface MaskData {
  readonly status: string;
  readonly error: string | null;
  readonly rle: object | null;
}

const maskQuery = `query ($id: ID!, $prompt: String!, $waitMs: Int) {
  figure(id: $id) { mask(prompt: $prompt, waitMs: $waitMs) { status error rle } } }`;

describeWithShared('masks where something is amiss', () => {
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

  it('says how to mend it where no segmenter is installed, and offers no prompts', async () => {
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
    const encoderAlone = childrenOf(server);
    const first = await ask(0, 'left lung');
    expect(first.data?.figure.mask).toMatchObject({ status: 'READY', error: null });
    const segmenters = childrenOf(server).filter((child) => !encoderAlone.includes(child));
    expect(segmenters).toHaveLength(1);
    const asked = ['liver', 'tumor', 'kidney', 'edema'].flatMap((prompt) => ids.map((_, i) => ask(i, prompt)));
    for (let deaths = 0; deaths < 3;) {
      const [segmenter] = childrenOf(server).filter((child) => !encoderAlone.includes(child));
      if (segmenter !== undefined) {
        process.kill(segmenter, 'SIGKILL');
        deaths += 1;
      }
      await new Promise((resolve) => setTimeout(resolve, 150));
    }
    const answers = await Promise.all(asked);
    expect(answers).toHaveLength(16);
    for (const { data } of answers) {
      const drawn = data?.figure.mask;
      if (drawn?.status === 'READY') expect(drawn.rle).not.toBeNull();
      else expect(drawn).toMatchObject({ status: 'FAILED', error: expect.stringMatching(/died|loaded/), rle: null });
    }
    expect((await ask(2, 'after all')).data?.figure.mask.status).toBe('READY');
  });

  it('tells a FAILED mask with its reason at every question, without trying anew at once', async () => {
    const damaged = mkdtempSync(path.join(tmpdir(), 'models-'));
    cpSync(env['FIGSEEK_MODELS'] ?? '', damaged, { recursive: true });
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

  it('ends every question when the server is stopped', async () => {
    await started(env);
    const asked = ids.map((_, i) => ask(i, 'spleen').catch(() => null));
    await ask(0, 'heart', 0);
    await server.stop();
    const answers = await Promise.all(asked);
    const isAnswer = (one: (typeof answers)[number]) =>
      one === null || one.errors !== undefined || one.data?.figure.mask.status === 'READY';
    expect(answers.map(isAnswer)).toEqual([true, true, true, true]);
  });
});
