import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { drawnBytes } from '../faults/drawn-bytes.js';
import { HubServer } from '../faults/hub-server.js';
import { newPlace, run, startServer, writeCorpus, type Server } from '../support/figseek-process.js';
import { askServer } from '../support/mask-server.js';
import { askData } from '../support/source-ingest.js';
import { twoModels } from '../support/two-models.js';

const fields = `id kind model against state failure notes step { what done total unit } checks { what holds value }
  comparison { captions difference low high pValue model { recallAt1 recallAt10 } against { recallAt1 recallAt10 } }`;

interface Job {
  readonly id: string;
  readonly state: string;
  readonly failure: string | null;
  readonly notes: readonly string[];
  readonly step: { readonly what: string; readonly done: number; readonly total: number | null } | null;
  readonly checks: readonly { readonly what: string; readonly holds: boolean }[];
}

const detector = 'vector-institute/pmc-18m-dab-detr';
/** Weights that a hub gives and that are none. */
const repositories = {
  [detector]: {
    license: 'apache-2.0',
    files: {
      'config.json': { bytes: Buffer.from('{}'), lfs: false },
      'preprocessor_config.json': { bytes: Buffer.from('{}'), lfs: false },
      'model.safetensors': { bytes: drawnBytes(400_000, 5), lfs: true },
    },
  },
};

describe('jobs with model packages', () => {
  const place = newPlace();
  let hub: HubServer;
  let server: Server;
  let env: Record<string, string>;

  beforeAll(async () => {
    hub = await HubServer.start(repositories);
    env = { ...twoModels(), FIGSEEK_HUB_URL: hub.url, FIGSEEK_SAMPLES: 'never', HF_TOKEN: '' };
    const { code, stderr } = await run(place, ['ingest', await writeCorpus(40)], env);
    if (code !== 0) throw new Error(stderr);
    server = await startServer(place, env);
  });
  afterAll(async () => {
    await server.stop();
    await hub.close();
  });

  /** @param mutation with its arguments */
  async function begin(mutation: string): Promise<Job> {
    const answer = await askData<Record<string, Job>>(server, `mutation { job: ${mutation} { ${fields} } }`);
    const { job } = answer;
    if (job === undefined) throw new Error('Expected a job');
    return job;
  }

  async function find(id: string): Promise<Job> {
    const { modelJob } = await askData<{ modelJob: Job }>(server, `{ modelJob(id: "${id}") { ${fields} } }`);
    return modelJob;
  }

  async function end(id: string): Promise<Job> {
    for (let job = await find(id); ; job = await find(id)) {
      if (job.state !== 'RUNNING') return job;
      await wait(100);
    }
  }

  const refusal = async (mutation: string): Promise<string> => {
    const { errors } = await askServer(server, `mutation { ${mutation} { id } }`);
    return errors?.[0]?.message ?? 'no error';
  };

  it('verify a package, one job at a time, while the server goes on', async () => {
    const { id, state } = await begin('verifyModel(name: "other")');
    expect(state).toBe('RUNNING');
    expect(await refusal('useModel(name: "other")')).toBe('Expected no other model job but one runs: VERIFY other');
    const { searchFigures } = await askData<{ searchFigures: { info: { model: string } } }>(
      server,
      '{ searchFigures(query: {text: "blood"}) { info { model } } }',
    );
    expect(searchFigures.info.model).toBe('starter');
    const job = await end(id);
    expect(job).toMatchObject({ state: 'DONE', step: null, failure: null });
    expect(job.checks.length).toBeGreaterThan(2);
    expect(job.checks.every(({ holds }) => holds)).toBe(true);
    expect(job.notes).toContain('other is whole: its files are those of the import');
  });

  it('compare two packages by the captions of the corpus', async () => {
    // The other one is the starter with all signs changed: it ranks alike.
    const job = await end((await begin('compareModels(name: "starter", against: "other")')).id);
    expect(job).toMatchObject({
      state: 'DONE',
      against: 'other',
      comparison: { captions: 40, difference: 0, low: 0, high: 0, pValue: 1 },
    });
    expect(await end((await begin('compareModels(name: "other", against: "other")')).id)).toMatchObject({
      state: 'FAILED',
      failure: 'Expected two models, but other is other itself',
    });
    const text = await run(place, ['models', 'compare', 'starter', 'other'], env);
    expect(text.stdout).toMatch(
      /40 captions, each with its image among 40\nstarter: .*\nother: .*\ndifference .* 0\.000 \(95 %: 0\.000 to 0\.000; p 1\.0000\)/,
    );
  });

  it('activate a package, which then serves, and tell each event to who subscribes', async () => {
    const { id } = await begin('useModel(name: "other")');
    const client = createClient({ url: `${server.url.replace('http', 'ws')}/graphql`, webSocketImpl: WebSocket });
    const states: string[] = [];
    const steps = new Set<string>();
    for await (const { data } of client.iterate<{ modelJob: Job }>({
      query: `subscription { modelJob(id: "${id}") { ${fields} } }`,
    })) {
      states.push(data?.modelJob.state ?? '');
      steps.add(data?.modelJob.step?.what ?? '');
    }
    await client.dispose();
    expect(states.at(-1)).toBe('DONE');
    expect(states.filter((state) => state === 'RUNNING')).not.toEqual([]);
    expect((await find(id)).notes.at(-1)).toMatch(/^other is active \(\d+ figures embedded now\)$/);
    const serving = async () =>
      (await askData<{ stats: { model: string } }>(server, '{ stats { model } }')).stats.model;
    while ((await serving()) !== 'other') await wait(200);
    const { models } = await askData<{ models: readonly { name: string; active: boolean }[] }>(
      server,
      '{ models { name active } }',
    );
    expect(models.filter(({ active }) => active).map(({ name }) => name)).toEqual(['other']);
  });

  it('fetch a known model where its terms are accepted, tell how far they are, and why they failed', async () => {
    const { knownModels } = await askData<{ knownModels: readonly { name: string; license: string }[] }>(
      server,
      '{ knownModels { name kind repository license intendedUse isGated } }',
    );
    expect(knownModels).toContainEqual(
      expect.objectContaining({ name: 'panel-detector', license: 'Apache-2.0', isGated: false }),
    );
    expect(await refusal('pullModel(name: "panel-detector", acceptLicense: false)')).toContain(
      'Expected acceptLicense: true',
    );
    expect(await refusal('pullModel(name: "no-model", acceptLicense: true)')).toContain(
      'There is no known model no-model',
    );
    hub.pace = { bytes: 20_000, pauseMs: 100 };
    const { id: stopped } = await begin('pullModel(name: "panel-detector", acceptLicense: true)');
    const isUnderWay = ({ step }: Job): boolean => step !== null && step.done > 0 && step.done < (step.total ?? 0);
    while (!isUnderWay(await find(stopped))) await wait(50);
    const { cancelModelJob } = await askData<{ cancelModelJob: Job }>(
      server,
      `mutation { cancelModelJob(id: "${stopped}") { ${fields} } }`,
    );
    expect(cancelModelJob).toMatchObject({ state: 'CANCELLED', step: null });
    expect(await refusal(`cancelModelJob(id: "${stopped}")`)).toBe(`The job ${stopped} has ended: it is CANCELLED`);
    // The next one goes on from there, and finds that the weights are none.
    expect(await end((await begin('pullModel(name: "panel-detector", acceptLicense: true)')).id)).toMatchObject({
      state: 'FAILED',
      failure: expect.stringMatching(/safetensors|config\.json/),
    });
  });

  it('are told the latest first; what is not there is refused before anything begins', async () => {
    expect(await refusal('cancelModelJob(id: "job_none")')).toContain('There is no model job job_none');
    expect(await refusal('verifyModel(name: "none")')).toContain('There is no usable model package none');
    expect(await end((await begin('verifyModel(name: "starter-segmenter")')).id)).toMatchObject({ state: 'DONE' });
    const { modelJobs } = await askData<{ modelJobs: readonly Job[] }>(server, '{ modelJobs { id state } }');
    expect(modelJobs.map(({ state }) => state).slice(0, 3)).toEqual(['DONE', 'FAILED', 'CANCELLED']);
  });
});
