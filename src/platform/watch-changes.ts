import { setTimeout as delay } from 'node:timers/promises';

/** How often what is watched is looked at, in ms. */
export const watchEveryMs = 500;

/**
 * What is read as it is now, then again after changes, until it is not RUNNING any more.
 * @param read may read what another process has done: nobody tells of its changes
 * @param signal ends the stream
 * @throws what `read` throws
 */
export async function* watchChanges<State extends { readonly state: string }>(
  read: () => State | Promise<State>,
  signal: AbortSignal,
): AsyncGenerator<State> {
  for (let last = ''; !signal.aborted;) {
    const now = await read();
    const text = JSON.stringify(now);
    if (text !== last) yield now;
    if (now.state !== 'RUNNING') return;
    last = text;
    await delay(watchEveryMs, undefined, { signal }).catch(() => undefined);
  }
}
