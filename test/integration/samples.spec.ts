import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { sampleCorpus } from '../../src/samples/corpus.js';
import { ending, newPlace, run, start, startServer, writeCorpus, type Server } from '../support/figseek-process.js';
import { askData } from '../support/source-ingest.js';

async function figuresOf(server: Server): Promise<number> {
  const count = await countOf(server.url);
  await server.stop();
  return count;
}

async function countOf(url: string): Promise<number> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ query: '{ stats { figures } }' }),
  });
  const { data } = (await response.json()) as { data: { stats: { figures: number } } };
  return data.stats.figures;
}

describe('the drawn samples', () => {
  it('are all there after a first start that was killed while it drew them, and are removed by a running server', async () => {
    const place = newPlace();
    const child = start(place, ['serve', '--port', '0'], { FIGSEEK_SAMPLES: 'always' });
    const ended = ending(child);
    child.stderr?.on('data', (chunk: Buffer) => {
      if (chunk.toString().includes('drawing')) setTimeout(() => child.kill('SIGKILL'), 2000);
    });
    expect((await ended).stderr).not.toMatch(/are stored/);
    const server = await startServer(place);
    expect(await countOf(server.url)).toBe(sampleCorpus().length);
    expect(await askData(server, '{ sampleFigures }')).toEqual({ sampleFigures: sampleCorpus().length });
    expect(await askData(server, 'mutation { removeSamples }')).toEqual({ removeSamples: sampleCorpus().length });
    expect(await askData(server, '{ sampleFigures stats { figures } }')).toEqual({
      sampleFigures: 0,
      stats: { figures: 0 },
    });
    await server.stop();
  });

  it('are not drawn into a corpus of one’s own', async () => {
    const place = newPlace();
    await run(place, ['ingest', await writeCorpus(2)]);
    expect(await figuresOf(await startServer(place))).toBe(2);
  });

  it('arrive while the server answers, are removed by a command, and do not come back by themselves', async () => {
    const place = newPlace();
    const child = start(place, ['serve', '--port', '0'], { FIGSEEK_SAMPLES: 'always' });
    const ended = ending(child);
    let told = '';
    const url = await new Promise<string>((resolve) => {
      child.stderr?.on('data', (chunk: Buffer) => {
        told += chunk.toString();
        const found = /figseek serves (http:\/\/\S+)/.exec(told)?.[1];
        if (found !== undefined) resolve(found);
      });
    });
    expect((await fetch(url)).status).toBe(200);
    expect(told).not.toMatch(/are stored/);
    const counts: number[] = [];
    while (!told.includes('are stored') && counts.length < 2000) {
      counts.push(await countOf(url));
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const total = sampleCorpus().length;
    expect(counts.some((count) => count > 0 && count < total)).toBe(true);
    expect(await countOf(url)).toBe(total);
    child.kill('SIGTERM');
    await ended;
    expect((await run(place, ['samples', 'remove'])).stdout).toBe(`${total} sample figures were removed\n`);
    const again = await startServer(place);
    expect(await countOf(again.url)).toBe(0);
    expect((await again.stop()).stderr).toMatch(
      /The corpus is empty.*npx figseek ingest FOLDER --data .*npx figseek samples add --data/,
    );
  });

  it('do not enter a folder that was named', async () => {
    const place = newPlace();
    expect(await figuresOf(await startServer(place, { FIGSEEK_SAMPLES: 'auto' }))).toBe(0);
  });

  it('are not begun where the port is taken, which is told before a model is loaded', async () => {
    const taken = createServer();
    taken.listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    const place = newPlace();
    const { code, stderr } = await run(place, ['serve', '--port', String(port)], { FIGSEEK_MODELS: place.data });
    taken.close();
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringMatching(/EADDRINUSE.*another program listens there.*--port/) as unknown,
    });
    expect(existsSync(place.data)).toBe(false);
  });
});
