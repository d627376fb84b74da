import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { packageRoot } from '../../src/app/config.js';
import { encodePng } from '../../src/imaging/encode.js';
import { sampleCorpus } from '../../src/samples/corpus.js';

/** A data folder and an index folder of a test's own. */
export interface Place {
  readonly data: string;
  readonly indexes: string;
}

export function newPlace(): Place {
  const folder = mkdtempSync(path.join(tmpdir(), 'figseek-'));
  return { data: path.join(folder, 'data'), indexes: path.join(folder, 'indexes') };
}

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts the built command line, as a user does. */
export function start(place: Place, args: readonly string[], env: Readonly<Record<string, string>> = {}): ChildProcess {
  return spawn(process.execPath, [path.join(packageRoot, 'dist/src/cli.js'), ...args], {
    env: { ...process.env, FIGSEEK_DATA: place.data, FIGSEEK_INDEXES: place.indexes, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Runs the built command line to its end. */
export function run(
  place: Place,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Finished> {
  return ending(start(place, args, env));
}

export function ending(child: ChildProcess): Promise<Finished> {
  let [stdout, stderr] = ['', ''];
  child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  return new Promise((resolve) => {
    child.on('close', (code) => {
      resolve({ code, stdout, stderr });
    });
  });
}

export interface Server {
  readonly url: string;
  readonly pid: number;
  stop(): Promise<Finished>;
}

/**
 * Starts the built server and waits until it listens and has the samples, where it draws them.
 * @param port 0: a free one
 */
export async function startServer(place: Place, env: Readonly<Record<string, string>> = {}, port = 0): Promise<Server> {
  // The folder is named, so that an empty one would stay empty.
  const child = start(place, ['serve', '--port', String(port)], { FIGSEEK_SAMPLES: 'always', ...env });
  const ended = ending(child);
  const url = await new Promise<string>((resolve, reject) => {
    let text = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const found = /figseek serves (http:\/\/\S+)/.exec(text)?.[1];
      const lacksSamples = text.includes('drawing the sample figures') && !text.includes('sample figures are stored');
      if (found !== undefined && !lacksSamples) resolve(found);
    });
    void ended.then(({ code, stderr }) => {
      reject(new Error(`The server ended with ${code ?? 'a signal'}: ${stderr}`));
    });
  });
  return {
    url,
    pid: child.pid ?? 0,
    stop: async () => {
      child.kill('SIGTERM');
      return ended;
    },
  };
}

/** Writes some drawn figures and their records. @returns the .jsonl file */
export async function writeCorpus(count: number): Promise<string> {
  const folder = mkdtempSync(path.join(tmpdir(), 'figseek-corpus-'));
  mkdirSync(path.join(folder, 'images'));
  const lines: string[] = [];
  for (const { draw, ...record } of sampleCorpus({ count })) {
    const image = `images/${record.id}.png`;
    writeFileSync(path.join(folder, image), await encodePng(draw()));
    lines.push(JSON.stringify({ ...record, image }));
  }
  const file = path.join(folder, 'figures.jsonl');
  writeFileSync(file, lines.join('\n'));
  return file;
}
