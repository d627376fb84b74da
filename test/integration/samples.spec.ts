import { describe, expect, it } from '@jest/globals';
import { sampleCorpus } from '../../src/samples/corpus.js';
import { ending, newPlace, run, start, startServer, writeCorpus, type Server } from '../figseek-process.js';

async function figuresOf(server: Server): Promise<number> {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ query: '{ stats { figures } }' }),
  });
  const { data } = (await response.json()) as { data: { stats: { figures: number } } };
  await server.stop();
  return data.stats.figures;
}

describe('the drawn samples', () => {
  it('are all there after a first start that was killed while it drew them', async () => {
    const place = newPlace();
    const child = start(place, ['serve', '--port', '0']);
    const ended = ending(child);
    child.stderr?.on('data', (chunk: Buffer) => {
      if (chunk.toString().includes('drawing')) setTimeout(() => child.kill('SIGKILL'), 2000);
    });
    expect((await ended).stderr).not.toMatch(/serves/);
    expect(await figuresOf(await startServer(place))).toBe(sampleCorpus().length);
  });

  it('are not drawn into a corpus of one’s own', async () => {
    const place = newPlace();
    await run(place, ['ingest', await writeCorpus(2)]);
    expect(await figuresOf(await startServer(place))).toBe(2);
  });
});
