import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import path from 'node:path';
import { packageRoot } from '../../src/app/config.js';
import type { Place } from '../support/figseek-process.js';
import type { Watched } from './watched-child.js';

export interface WatchedServer {
  readonly url: string;
  /** Since the last call. */
  watched(): Promise<Watched>;
  stop(): Promise<void>;
}

/** Starts the built server with a look into its process. */
export async function startWatched(place: Place, env: Readonly<Record<string, string>>): Promise<WatchedServer> {
  const watch = fileURLToPath(new URL('./watched-child.js', import.meta.url));
  const args = ['--import', `file://${watch}`, path.join(packageRoot, 'dist/src/cli.js'), 'serve', '--port', '0'];
  const child = spawn(process.execPath, args, {
    env: { ...process.env, FIGSEEK_DATA: place.data, FIGSEEK_INDEXES: place.indexes, ...env },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const url = await new Promise<string>((resolve, reject) => {
    let text = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const found = /figseek serves (http:\/\/\S+)/.exec(text)?.[1];
      if (found !== undefined) resolve(found);
    });
    child.on('close', () => {
      reject(new Error(`The server ended: ${text}`));
    });
  });
  return {
    url,
    watched: async () => {
      child.send('');
      const [watched] = (await once(child, 'message')) as [Watched];
      return watched;
    },
    stop: async () => {
      child.kill('SIGTERM');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
    },
  };
}
