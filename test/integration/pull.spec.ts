import { randomUUID } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { packageRoot } from '../../src/app/config.js';
import { ConnectProxy } from '../faults/connect-proxy.js';
import { drawnBytes } from '../faults/drawn-bytes.js';
import { commitOf, type HubContent } from '../faults/hub-content.js';
import { HubServer } from '../faults/hub-server.js';
import { newPlace, run, startServer, type Finished } from '../support/figseek-process.js';

const clip = 'microsoft/BiomedCLIP-PubMedBERT_256-vit_base_patch16_224';
const parse = 'microsoft/BiomedParse';

/** A hub whose BiomedParse is complete and gated, and whose BiomedCLIP lacks its weights. */
const repositories: Record<string, HubContent> = {
  [clip]: {
    license: 'mit',
    files: { 'README.md': text('read me'), 'a\u001b[2J\u202e': text(''), 'open_clip_config.json': text('{}') },
  },
  [parse]: {
    license: 'cc-by-nc-sa-4.0',
    gatedBy: 'hf_secret',
    files: {
      'biomedparse_v1.pt': { bytes: drawnBytes(100_000, 3), lfs: true },
      'config.yaml': text('model: x'),
      'target_dist.json': text('{}'),
      'biomedparse_v2.ckpt': { bytes: drawnBytes(10, 4), lfs: true },
    },
  },
  'openai/clip-vit-base-patch32': { files: { 'vocab.json': text('{}'), 'merges.txt': text('#version: 0.2') } },
};

function text(content: string): HubContent['files'][string] {
  return { bytes: Buffer.from(content), lfs: false };
}

describe('figseek models pull', () => {
  let server: HubServer;
  let models: string;

  beforeEach(async () => {
    server = await HubServer.start(repositories);
    models = mkdtempSync(path.join(tmpdir(), 'models-'));
  });

  afterEach(async () => {
    await server.close();
    rmSync(models, { recursive: true });
  });

  function pull(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Finished> {
    const own = { FIGSEEK_HUB_URL: server.url, FIGSEEK_MODELS: models, HF_TOKEN: '', FIGSEEK_HUB_TOKEN: '' };
    return run(newPlace(), ['models', 'pull', ...args], { ...own, ...env });
  }

  it('fetches no file without consent: it shows license and intended use, and says how to accept them', async () => {
    const { code, stderr } = await pull(['biomedparse'], { FIGSEEK_HUB_TOKEN: 'hf_secret' });
    expect(code).toBe(2);
    expect(stderr).toMatch(/License of biomedparse: CC-BY-NC-SA-4\.0/);
    expect(stderr).toMatch(/not for clinical use/);
    expect(stderr).toMatch(/--accept-license/);
    expect(server.asked.filter(({ path: asked }) => !asked.startsWith('/api/'))).toEqual([]);
    expect(readdirSync(models)).toEqual([]);
  });

  it('refuses a name that it does not know, and lists those that it knows', async () => {
    const { code, stderr } = await pull(['biomedclop']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/biomedclip, open-pmc-18m-clip, biomedparse/);
  });

  it('says in one line how to get at a gated model', async () => {
    const { code, stderr } = await pull(['biomedparse', '--accept-license']);
    expect(code).toBe(3);
    expect(lastLine(stderr)).toContain(`accept the conditions at ${server.url}/${parse}`);
    expect(lastLine(stderr)).toContain('FIGSEEK_HUB_TOKEN');
  });

  it('fetches a gated model with a token, which it never prints, and leaves the files where that is asked for', async () => {
    const token = { FIGSEEK_HUB_TOKEN: 'hf_secret' };
    const { code, stdout, stderr } = await pull(['biomedparse', '--accept-license', '--files-only', '--json'], token);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    const folder = path.join(models, '.downloads', 'biomedparse');
    expect(JSON.parse(stdout)).toMatchObject({ name: 'biomedparse', folder, manifest: null });
    expect(readdirSync(folder).sort()).toEqual([
      'biomedparse_v1.pt',
      'config.yaml',
      'merges.txt',
      'pull.json',
      'target_dist.json',
      'vocab.json',
    ]);
    expect(JSON.parse(readFileSync(path.join(folder, 'pull.json'), 'utf8'))).toMatchObject({
      license: 'CC-BY-NC-SA-4.0',
      source: `${parse}@${commitOf(parse)}, openai/clip-vit-base-patch32@${commitOf('openai/clip-vit-base-patch32')}`,
      consent: { license: 'CC-BY-NC-SA-4.0' },
    });
    expect(`${stdout}${stderr}`).not.toContain('hf_secret');
    expect(server.asked.filter(({ by, authorization }) => by === 'network' && authorization !== null)).toEqual([]);
  });

  it('does not give a mirror the token that is for the hub itself', async () => {
    await pull(['biomedparse', '--accept-license'], { HF_TOKEN: 'hf_secret' });
    expect(new Set(server.asked.map(({ authorization }) => authorization))).toEqual(new Set([null]));
  });

  it('says what it expected in a repository and what is there', async () => {
    const { code, stderr } = await pull(['biomedclip', '--accept-license']);
    expect(code).toBe(3);
    expect(lastLine(stderr)).toContain(
      `or open_clip_pytorch_model.bin or model.safetensors in ${clip} (it has README.md, a\ufffd[2J\ufffd, open_clip_config.json)`,
    );
  });

  it('says in one line that the hub lacks a repository', async () => {
    const { code, stderr } = await pull(['open-pmc-18m-clip', '--accept-license']);
    expect(code).toBe(3);
    expect(lastLine(stderr)).toContain(
      'The hub has no repository vector-institute/open-pmc-18m-clip, or keeps it private (404)',
    );
  });

  it('asks nobody where the name is taken, or a folder lacks files', async () => {
    mkdirSync(path.join(models, 'biomedclip'));
    const taken = await pull(['biomedclip', '--accept-license']);
    expect(taken).toMatchObject({ code: 2, stderr: expect.stringMatching(/There is a package biomedclip already/) });
    const lacking = await pull(['biomedparse', '--accept-license', '--from', models]);
    expect(lacking).toMatchObject({ code: 2, stderr: expect.stringMatching(/lacks biomedparse_v1.pt \(of microsoft/) });
    expect(server.asked).toEqual([]);
  });

  it('goes through a proxy, but for what NO_PROXY names', async () => {
    const proxy = await ConnectProxy.start(server.port);
    const env = { HTTP_PROXY: proxy.url, NO_PROXY: '127.0.0.1', FIGSEEK_HUB_URL: 'http://hub.invalid' };
    const { stderr } = await pull(['biomedclip', '--accept-license'], env);
    expect(lastLine(stderr)).toContain(`in ${clip} (it has`);
    expect(new Set(proxy.asked)).toEqual(new Set(['hub.invalid:80']));
    proxy.asked.length = 0;
    await pull(['biomedclip', '--accept-license'], { ...env, FIGSEEK_HUB_URL: server.url });
    expect(proxy.asked).toEqual([]);
    await proxy.close();
  });

  it('is what a list of models points to, with license and warning', async () => {
    const { stdout } = await run(newPlace(), ['models'], { FIGSEEK_MODELS: models });
    expect(stdout).toMatch(
      /not here: biomedclip {2}MIT; npx figseek models pull biomedclip\n {2}BiomedCLIP is for research/,
    );
  });

  it('is never done by a server without a terminal, and doctor shows no token', async () => {
    cpSync(path.join(packageRoot, 'models', 'starter'), path.join(models, 'starter'), { recursive: true });
    const env = { FIGSEEK_HUB_URL: server.url, FIGSEEK_MODELS: models, FIGSEEK_HUB_TOKEN: 'hf_secret' };
    const place = newPlace();
    const { stderr } = await (await startServer(place, { ...env, FIGSEEK_SAMPLES: 'never' })).stop();
    expect(stderr).not.toMatch(/Pull/);
    const doctor = await run(place, ['doctor'], env);
    expect(doctor.stdout).toMatch(/hubToken = \(set, not shown\)/);
    expect(`${doctor.stdout}${doctor.stderr}`).not.toContain('hf_secret');
    expect(server.asked).toEqual([]);
    expect(existsSync(path.join(models, '.downloads'))).toBe(false);
  });

  it('refuses to run twice at a time, and takes over from one that was killed', async () => {
    const downloads = path.join(models, '.downloads');
    const lockOf = (pid: number): string => path.join(downloads, `biomedparse-${pid}-${randomUUID()}.lock`);
    mkdirSync(downloads);
    const held = lockOf(process.pid);
    writeFileSync(held, '');
    const token = { FIGSEEK_HUB_TOKEN: 'hf_secret' };
    const second = await pull(['biomedparse', '--accept-license'], token);
    expect(second).toMatchObject({ code: 2, stderr: expect.stringContaining(`Process ${process.pid} is pulling`) });
    rmSync(held);
    writeFileSync(lockOf(999_999_999), '');
    expect((await pull(['biomedparse', '--accept-license', '--files-only'], token)).code).toBe(0);
    expect(readdirSync(downloads)).toEqual(['biomedparse']);
  });

  it('compares files that were carried to another machine with what was pulled, and names the one that differs', async () => {
    const { folder, from } = await carried();
    const file = path.join(folder, 'target_dist.json');
    writeFileSync(file, '[]');
    expect(await from()).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/target_dist\.json is not the file that was pulled \(it has the sha256/),
    });
    writeFileSync(file, '{');
    expect((await from()).stderr).toMatch(/target_dist\.json is not .* \(it has 1 bytes, pull\.json says 2\)/);
    writeFileSync(file, '{}');
    // All are compared: what is wrong now is that these bytes are no model.
    expect((await from()).stderr).toMatch(/biomedparse_v1\.pt|config\.yaml is refused|The checkpoint/);
    rmSync(path.join(folder, 'pull.json'));
    expect((await from()).stderr).toMatch(/has no pull\.json: its files could not be compared/);
  });

  it('tells that a pull.json is damaged, or of another model', async () => {
    const { folder, from } = await carried();
    const record = path.join(folder, 'pull.json');
    const good = readFileSync(record, 'utf8');
    writeFileSync(record, good.slice(0, 50));
    expect(await from()).toMatchObject({ code: 2, stderr: expect.stringMatching(/pull\.json is no record of a pull/) });
    writeFileSync(record, good.replace('"biomedparse"', '"biomedclip"'));
    expect(await from()).toMatchObject({ code: 2, stderr: expect.stringMatching(/"biomedclip", not biomedparse/) });
  });

  async function carried(): Promise<{ folder: string; from: () => Promise<Finished> }> {
    const token = { FIGSEEK_HUB_TOKEN: 'hf_secret' };
    expect((await pull(['biomedparse', '--accept-license', '--files-only'], token)).code).toBe(0);
    const folder = path.join(models, '.downloads', 'biomedparse');
    return { folder, from: () => pull(['biomedparse', '--accept-license', '--from', folder]) };
  }

  it('leaves nothing of an earlier pull beside the files that it checked', async () => {
    const folder = path.join(models, '.downloads', 'biomedparse');
    mkdirSync(folder, { recursive: true });
    for (const name of ['model.safetensors', 'older.pt.part']) writeFileSync(path.join(folder, name), 'older');
    await carried();
    expect(readdirSync(folder).filter((name) => /^model|older/.test(name))).toEqual([]);
  });

  it('asks for no room to import files that it leaves as they are', async () => {
    await server.close();
    // A hub that lists more than any disk holds.
    const huge = Object.defineProperty(Buffer.from('weights'), 'length', { value: 2 ** 50 });
    const files = { ...repositories[parse]?.files, 'biomedparse_v1.pt': { bytes: huge, lfs: true } };
    server = await HubServer.start({ ...repositories, [parse]: { files } });
    const { stderr } = await pull(['biomedparse', '--accept-license', '--files-only']);
    expect(stderr).toMatch(/are needed \(1048576\.00 GiB to fetch, 0\.00 GiB for the import\)/);
  });
});

function lastLine(output: string): string {
  return output.trimEnd().split('\n').at(-1) ?? '';
}
