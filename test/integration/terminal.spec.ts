import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { packageRoot } from '../../src/app/config.js';
import { HubServer } from '../faults/hub-server.js';
import { newPlace } from '../support/figseek-process.js';

// util-linux' `script` gives a process a terminal; other systems have another `script`, or none.
const hasTerminal = spawnSync('script', ['--version']).status === 0;
if (!hasTerminal) console.warn('LEFT OUT: what is asked on a terminal needs util-linux’ script');

const clip = 'microsoft/BiomedCLIP-PubMedBERT_256-vit_base_patch16_224';
const bert = 'microsoft/BiomedNLP-BiomedBERT-base-uncased-abstract';
const bytes = Buffer.from('no model');
const files = (...names: string[]) => Object.fromEntries(names.map((name) => [name, { bytes, lfs: false }]));

(hasTerminal ? describe : describe.skip)('on a terminal', () => {
  let server: HubServer;
  let models: string;

  beforeEach(async () => {
    models = mkdtempSync(path.join(tmpdir(), 'models-'));
    // As it is installed: all that ships.
    cpSync(path.join(packageRoot, 'models'), models, { recursive: true });
    server = await HubServer.start({
      [clip]: { license: 'mit', files: files('open_clip_config.json', 'open_clip_pytorch_model.bin') },
      [bert]: { files: files('vocab.txt') },
    });
  });

  afterEach(async () => {
    await server.close();
    rmSync(models, { recursive: true });
  });

  /** Runs figseek on a terminal; types each answer once its question stands there. @returns all that was shown */
  function onTerminal(args: string, answers: readonly (readonly [RegExp, string])[]): Promise<string> {
    const { data, indexes } = newPlace();
    const command = `${process.execPath} ${path.join(packageRoot, 'dist/src/cli.js')} ${args}`;
    const child = spawn('script', ['-qec', command, '/dev/null'], {
      env: {
        ...process.env,
        ...{ CI: '', FIGSEEK_DATA: data, FIGSEEK_INDEXES: indexes, FIGSEEK_SAMPLES: 'never' },
        ...{ FIGSEEK_MODELS: models, FIGSEEK_HUB_URL: server.url },
      },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    let [shown, next] = ['', 0];
    child.stdout.on('data', (chunk: Buffer) => {
      shown += chunk.toString();
      const [question, answer] = answers[next] ?? [];
      if (question?.test(shown) !== true || answer === undefined) return;
      next++;
      child.stdin.write(answer);
    });
    return new Promise((resolve) => {
      child.on('close', () => {
        resolve(shown);
      });
    });
  }

  const serve = 'serve --port 0';
  const interrupt = '\u0003';
  const offered = /Pull BiomedCLIP from the model hub now .*\(y\/N\)/;

  it('asks for consent, and fetches nothing after a no', async () => {
    const shown = await onTerminal('models pull biomedclip', [[/Do you accept .*\(y\/N\)/, 'n\r']]);
    expect(shown).toMatch(/License of biomedclip: MIT[\s\S]*research use only[\s\S]*was not pulled/);
    expect(server.asked.filter(({ path: asked }) => !asked.startsWith('/api/'))).toEqual([]);
  });

  it('fetches after a yes', async () => {
    const shown = await onTerminal('models pull biomedclip', [[/Do you accept .*\(y\/N\)/, 'y\r']]);
    // These bytes are no model: the import says so, and what was fetched stays.
    expect(shown).toMatch(/open_clip_config.json is refused/);
    const folder = path.join(models, '.downloads', 'biomedclip');
    expect(readdirSync(folder)).toContain('open_clip_pytorch_model.bin');
    expect(readFileSync(path.join(folder, 'pull.json'), 'utf8')).toMatch(/"consent"/);
  });

  it('offers the model once: a no is kept, and the server starts', async () => {
    const first = await onTerminal(serve, [
      [offered, '\r'],
      [/figseek serves/, interrupt],
    ]);
    expect(first).toMatch(/Not asked again/);
    const second = await onTerminal(serve, [[/figseek serves/, interrupt]]);
    expect(second).not.toMatch(offered);
    expect(server.asked).toEqual([]);
  });

  it('serves with the starter model where the pull fails, and takes Ctrl-C at the question for the end', async () => {
    const shown = await onTerminal(serve, [
      [offered, 'y\r'],
      [/Do you accept .*\(y\/N\)/, 'n\r'],
      [/figseek serves/, interrupt],
    ]);
    expect(shown).toMatch(/was not pulled[\s\S]*figseek serves .* starter/);
    expect(await onTerminal(serve, [[offered, interrupt]])).not.toMatch(/figseek serves/);
    expect(existsSync(path.join(models, '.downloads', 'offer-refused'))).toBe(false);
  });
});
