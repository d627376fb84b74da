import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { ending, newPlace, start, startServer } from '../support/figseek-process.js';

const env = { FIGSEEK_SAMPLES: 'never' };

describe('the end of a server', () => {
  it('comes although a client goes on over one connection, and another sends an upload without end', async () => {
    const server = await startServer(newPlace(), env);
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    let [answered, isOver] = [0, false];
    const going = (async () => {
      while (!isOver) {
        await new Promise<void>((resolve) => {
          const asked = request(`${server.url}/health/live`, { agent }, (response) => {
            answered++;
            response.resume().on('end', resolve).on('error', resolve);
          });
          asked.on('error', () => setTimeout(resolve, 20));
          asked.end();
        });
      }
    })();
    const upload = request(`${server.url}/uploads`, {
      method: 'POST',
      headers: { 'Content-Type': 'image/png', 'Content-Length': 1_000_000 },
    });
    upload.on('error', () => undefined);
    upload.write('slow');
    while (answered < 5) await new Promise((resolve) => setTimeout(resolve, 20));
    // Without a bound of its own: a server that does not end ends the test, by its time limit.
    await server.stop();
    isOver = true;
    await going;
    upload.destroy();
    agent.destroy();
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('is quiet by one %s', async (signal) => {
    const child = start(newPlace(), ['serve', '--port', '0'], env);
    const ended = ending(child);
    let text = '';
    while (!text.includes('Get BiomedCLIP')) {
      const [chunk] = (await once(child.stderr ?? process, 'data')) as [Buffer];
      text += chunk.toString();
    }
    child.kill(signal);
    expect(await ended).toEqual({ code: signal === 'SIGTERM' ? 143 : 130, stdout: '', stderr: text });
  });

  it('keeps the exit code of the signal when the work runs out before the signal comes again', async () => {
    const program = `
      import { createServer } from 'node:http';
      import { closeConnectionsAtSignal } from ${JSON.stringify(new URL('../../src/app/shutdown.js', import.meta.url))};
      const server = createServer();
      closeConnectionsAtSignal(server);
      process.on('SIGTERM', () => server.close());
      server.listen(0, '127.0.0.1', () => console.log('ready'));`;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([143, null]);
  });

  it('comes at once by a second signal', async () => {
    const child = start(newPlace(), ['serve', '--port', '0'], env);
    const ended = ending(child);
    let text = '';
    while (!text.includes('figseek serves')) {
      const [chunk] = (await once(child.stderr ?? process, 'data')) as [Buffer];
      text += chunk.toString();
    }
    const url = /http:\S+/.exec(text)?.[0] ?? '';
    const upload = request(`${url}/uploads`, {
      method: 'POST',
      headers: { 'Content-Type': 'image/png', 'Content-Length': 1_000_000 },
    });
    upload.on('error', () => undefined);
    upload.write('slow');
    await fetch(`${url}/health/live`);
    child.kill('SIGTERM');
    await new Promise((resolve) => setTimeout(resolve, 300));
    child.kill('SIGTERM');
    expect(await ended).toMatchObject({ code: 143, stderr: expect.stringMatching(/second signal/) });
    upload.destroy();
  });
});
