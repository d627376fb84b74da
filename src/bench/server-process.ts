import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

/**
 * A server in a process of its own.
 * @param folder its data lie in `data`, its indexes in `indexes`
 * @param settings environment that is its own
 * @throws {Error} it ended: by then it has printed why
 */
export async function startServer(folder: string, settings: Readonly<Record<string, string>> = {}) {
  const child: ChildProcess = fork(path.join(import.meta.dirname, 'api-server.js'), {
    env: {
      ...process.env,
      FIGSEEK_DATA: path.join(folder, 'data'),
      FIGSEEK_INDEXES: path.join(folder, 'indexes'),
      ...settings,
    },
  });
  const ended = once(child, 'exit');
  const answer = async <Answer>(): Promise<Answer> => {
    const end = ended.then(([code, signal]: unknown[]): never => {
      throw new Error(`The server ended (${String(signal ?? code)}); its reason stands above`);
    });
    return ((await Promise.race([once(child, 'message'), end])) as [Answer])[0];
  };
  const { url } = await answer<{ url: string }>();
  return {
    url,
    /** Since it was last asked. */
    delay: () => {
      const told = answer<{ p50: number; p99: number; max: number }>();
      child.send('delay');
      return told;
    },
    stop: async () => {
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}
