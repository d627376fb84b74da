import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { PackageManifest } from '../../src/model-packages/package-manifest.js';
import { commitOf, type HubContent } from '../faults/hub-content.js';
import { HubServer } from '../faults/hub-server.js';
import { ending, newPlace, run, start, type Finished } from '../support/figseek-process.js';
import { maxDifference, readCases } from './golden-cases.js';
import { repositorySet } from './golden-sets.js';

const clip = 'microsoft/BiomedCLIP-PubMedBERT_256-vit_base_patch16_224';
const bert = 'microsoft/BiomedNLP-BiomedBERT-base-uncased-abstract';
const openPmc = 'vector-institute/open-pmc-18m-clip';

const clipSet = repositorySet('biomedclip');
const parseSet = repositorySet('biomedparse');
const detectorSet = repositorySet('dab-detr');

function golden(name: string, lfs = false): HubContent['files'][string] {
  return { bytes: readFileSync(path.join(clipSet.modelFolder(), name)), lfs };
}

function parse(name: string, lfs = false): HubContent['files'][string] {
  return { bytes: readFileSync(path.join(parseSet.modelFolder(), name)), lfs };
}

function detector(name: string, lfs = false): HubContent['files'][string] {
  return { bytes: readFileSync(path.join(detectorSet.modelFolder(), name)), lfs };
}

describe('A pulled model, the tiny golden one behind the names of the real ones', () => {
  const models = mkdtempSync(path.join(tmpdir(), 'pulled-'));
  let server: HubServer;

  beforeAll(async () => {
    const weights = { 'open_clip_pytorch_model.bin': golden('open_clip_pytorch_model.bin', true) };
    server = await HubServer.start({
      [clip]: { license: 'mit', files: { ...weights, 'open_clip_config.json': golden('open_clip_config.json') } },
      [openPmc]: { license: 'apache-2.0', files: weights },
      [bert]: { license: 'mit', files: { 'vocab.txt': golden('vocab.txt') } },
      'microsoft/BiomedParse': {
        license: 'cc-by-nc-sa-4.0',
        gatedBy: 'hf_x',
        files: {
          'biomedparse_v1.pt': parse('biomedparse_v1.pt', true),
          'config.yaml': parse('config.yaml'),
          'target_dist.json': parse('target_dist.json'),
        },
      },
      'vector-institute/pmc-18m-dab-detr': {
        license: 'apache-2.0',
        files: {
          'model.safetensors': detector('model.safetensors', true),
          'config.json': detector('config.json'),
          'preprocessor_config.json': detector('preprocessor_config.json'),
          'pytorch_model.bin': { bytes: Buffer.from('a pickle'), lfs: true },
        },
      },
      'openai/clip-vit-base-patch32': {
        license: 'mit',
        files: { 'vocab.json': parse('vocab.json'), 'merges.txt': parse('merges.txt') },
      },
    });
  });

  afterAll(async () => {
    await server.close();
    rmSync(models, { recursive: true });
  });

  function figseek(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Finished> {
    return run(newPlace(), args, { FIGSEEK_HUB_URL: server.url, FIGSEEK_MODELS: models, ...env });
  }

  function manifestOf(name: string): PackageManifest {
    return JSON.parse(readFileSync(path.join(models, name, 'model.json'), 'utf8')) as PackageManifest;
  }

  it('comes over dropped connections, is imported, and embeds the reference ids within 1e-5', async () => {
    server.fail('open_clip_pytorch_model.bin', { kind: 'drop', after: 1_000_000 }, { kind: 'status', status: 503 });
    const pulled = await figseek(['models', 'pull', 'biomedclip', '--accept-license']);
    expect({ code: pulled.code, stderr: pulled.stderr }).toMatchObject({ code: 0 });
    expect(pulled.stdout).toMatch(/Pulled biomedclip {2}.*\nNext: npx figseek models use biomedclip/);
    const { texts } = readCases(clipSet);
    const ids = path.join(models, 'ids.json');
    writeFileSync(ids, JSON.stringify(texts.map((text) => text.ids.slice(0, 256))));
    const { stdout } = await figseek(['embed', '--model', 'biomedclip', '--token-ids', ids]);
    const vectors = stdout.trim().split('\n');
    expect(vectors).toHaveLength(texts.length);
    for (const [row, line] of vectors.entries()) {
      const { vector } = JSON.parse(line) as { vector: number[] };
      expect(maxDifference(vector, texts[row]?.normalized ?? [])).toBeLessThan(1e-5);
    }
  });

  it('says in model.json where it comes from and what its user accepted, and leaves no downloads behind', async () => {
    const { source, license, warning, consent } = manifestOf('biomedclip');
    expect({ source, license }).toEqual({
      source: `${clip}@${commitOf(clip)}, ${bert}@${commitOf(bert)}`,
      license: 'MIT',
    });
    expect(warning).toMatch(/out of scope/);
    expect(consent).toEqual({ license: 'MIT', at: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T.*Z$/) });
    expect(readdirSync(path.join(models, '.downloads'))).toEqual([]);
    expect((await figseek(['models', 'verify', 'biomedclip'])).code).toBe(0);
    expect((await figseek(['models'])).stdout).toMatch(/^biomedclip .* MIT\n {2}BiomedCLIP is for research use only/m);
  });

  it('refuses a second pull also while the first one imports, and the first one ends well', async () => {
    const env = { FIGSEEK_HUB_URL: server.url, FIGSEEK_MODELS: models };
    const first = start(newPlace(), ['models', 'pull', 'biomedclip', '--accept-license', '--as', 'first'], env);
    const finished = ending(first);
    await new Promise<void>((resolve) => {
      first.stderr?.on('data', (chunk: Buffer) => {
        if (!chunk.toString().includes('importing')) return;
        first.kill('SIGSTOP');
        resolve();
      });
    });
    const second = await figseek(['models', 'pull', 'biomedclip', '--accept-license', '--as', 'second']);
    first.kill('SIGCONT');
    expect(second).toMatchObject({ code: 2, stderr: expect.stringMatching(/Process \d+ is pulling the same model/) });
    expect((await finished).code).toBe(0);
    expect(manifestOf('first').version).toBe(manifestOf('biomedclip').version);
  });

  it('takes the configuration of BiomedCLIP for Open-PMC-18M, as its own code does, and the license that the hub states', async () => {
    const { code, stdout } = await figseek([
      'models',
      'pull',
      'open-pmc-18m-clip',
      '--accept-license',
      '--keep',
      '--json',
    ]);
    const folder = path.join(models, '.downloads', 'open-pmc-18m-clip');
    expect({ code, pulled: JSON.parse(stdout) as unknown }).toMatchObject({
      code: 0,
      pulled: {
        name: 'open-pmc-18m-clip',
        license: 'apache-2.0',
        folder,
        manifest: { version: manifestOf('biomedclip').version },
      },
    });
    expect(manifestOf('open-pmc-18m-clip').warning).toMatch(/Open-PMC-18M/);
    expect(readdirSync(folder)).toContain('open_clip_pytorch_model.bin');
  });

  it('is a segmenter where BiomedParse is pulled, under its own license', async () => {
    const pulled = await figseek(['models', 'pull', 'biomedparse', '--accept-license'], { FIGSEEK_HUB_TOKEN: 'hf_x' });
    expect({ code: pulled.code, stderr: pulled.stderr }).toMatchObject({ code: 0 });
    expect(pulled.stdout).toMatch(/Pulled biomedparse {2}segmenter.*\nNext: npx figseek segment FILE --prompt TEXT/);
    expect(manifestOf('biomedparse')).toMatchObject({ kind: 'segmenter', license: 'CC-BY-NC-SA-4.0' });
    const refused = await figseek(['models', 'use', 'biomedparse']);
    expect(refused).toMatchObject({ code: 3, stderr: expect.stringContaining('is a segmenter') });
  });

  it('finds panels where the panel detector is pulled, is verified, listed and made active', async () => {
    const pulled = await figseek(['models', 'pull', 'panel-detector', '--accept-license']);
    expect({ code: pulled.code, stderr: pulled.stderr }).toMatchObject({ code: 0 });
    expect(pulled.stdout).toMatch(
      /Pulled panel-detector {2}panel detector, 480 pixels.*\nNext: .* models use panel-detector/,
    );
    const repository = 'vector-institute/pmc-18m-dab-detr';
    const asked = server.asked.map((one) => one.path).filter((one) => one.includes(repository));
    expect(asked.join()).toContain('model.safetensors');
    expect(asked.join()).not.toContain('pytorch_model.bin');
    expect(manifestOf('panel-detector')).toMatchObject({
      kind: 'panel-detector',
      license: 'Apache-2.0',
      source: `${repository}@${commitOf(repository)}`,
      warning: expect.stringMatching(/research model/),
      consent: { license: 'Apache-2.0' },
    });
    const place = newPlace();
    const env = { FIGSEEK_MODELS: models };
    expect((await run(place, ['models', 'verify', 'panel-detector'], env)).stdout).toMatch(/panel-detector is whole/);
    expect((await run(place, ['models'], env)).stdout).toMatch(/^panel-detector {2}panel detector.* Apache-2\.0$/m);
    const used = await run(place, ['models', 'use', 'panel-detector'], env);
    expect(used).toMatchObject({ code: 0, stdout: expect.stringContaining('the next ingest finds panels by it') });
    expect((await run(place, ['models'], env)).stdout).toMatch(/^panel-detector {2}.* Apache-2\.0 {2}active$/m);
  });

  it('is made of a folder where the hub is out of reach', async () => {
    const asked = server.asked.length;
    const args = [
      'models',
      'pull',
      'biomedclip',
      '--from',
      clipSet.modelFolder(),
      '--as',
      'by-hand',
      '--accept-license',
    ];
    expect((await figseek(args)).code).toBe(0);
    expect(manifestOf('by-hand')).toMatchObject({
      source: `${clip}, from a folder`,
      consent: { license: 'MIT' },
      version: manifestOf('biomedclip').version,
    });
    expect(server.asked).toHaveLength(asked);
  });

  it('keeps source and commit where the files were carried to a machine without network', async () => {
    const there = await figseek(['models', 'pull', 'biomedclip', '--files-only', '--as', 'none', '--accept-license']);
    expect(there.code).toBe(0);
    const folder = path.join(models, '.downloads', 'biomedclip');
    const args = ['models', 'pull', 'biomedclip', '--from', folder, '--as', 'carried', '--accept-license'];
    expect((await figseek(args, { FIGSEEK_HUB_URL: 'http://hub.invalid' })).code).toBe(0);
    expect(manifestOf('carried')).toMatchObject({ source: `${clip}@${commitOf(clip)}, ${bert}@${commitOf(bert)}` });
    writeFileSync(path.join(folder, 'open_clip_model.safetensors'), 'older');
    const refused = await figseek([...args, '--replace']);
    expect(refused.stderr).toMatch(
      /open_clip_model\.safetensors is not in pull\.json, and would be imported: delete it/,
    );
  });
});
