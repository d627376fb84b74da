import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import WebSocket from 'ws';

async function opened(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

export async function headerFlood(url: string): Promise<string> {
  const socket = await opened(url);
  const headers = Array.from({ length: 1000 }, (_, i) => `X-${i}: ${'y'.repeat(24)}`).join('\r\n');
  socket.write(`GET / HTTP/1.1\r\nHost: localhost\r\n${headers}\r\n\r\n`);
  const [answer] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  return answer.toString('latin1').split(' ')[1] ?? '';
}

/** @returns `held` once all stand and have sent a header each */
export async function slowHeaders(url: string): Promise<string> {
  const sockets = await Promise.all(Array.from({ length: 200 }, () => opened(url)));
  for (const socket of sockets) socket.write('POST /graphql HTTP/1.1\r\nHost: localhost\r\nX-Slow: ');
  await new Promise((resolve) => setTimeout(resolve, 500));
  for (const socket of sockets) socket.destroy();
  return 'held';
}

/** @returns the codes of all errors that come back */
export async function overSocket(url: string, count: number, query: string): Promise<string> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  const codes = new Set<string>();
  let answered = 0;
  const done = new Promise<void>((resolve) => {
    socket.on('close', () => {
      resolve();
    });
    socket.on('message', (data: Buffer) => {
      const { type, payload } = JSON.parse(data.toString()) as {
        type: string;
        payload?: { extensions: { code: string } }[];
      };
      if (type === 'connection_ack') {
        for (let id = 0; id < count; id++) {
          socket.send(JSON.stringify({ id: String(id), type: 'subscribe', payload: { query } }));
        }
      }
      if (type !== 'error' && type !== 'complete') return;
      for (const { extensions } of type === 'error' ? (payload ?? []) : []) codes.add(extensions.code);
      answered += 1;
      if (answered >= count) resolve();
    });
  });
  socket.on('error', () => undefined);
  await once(socket, 'open');
  socket.send(JSON.stringify({ type: 'connection_init' }));
  await done;
  socket.terminate();
  return [...codes].join(' ');
}

/** @returns the statuses that sockets are refused with */
export async function fromSockets(url: string, count: number): Promise<string> {
  const statuses = new Set<number>();
  const sockets: WebSocket[] = [];
  while (sockets.length < count) {
    const some = Array.from(
      { length: 5 },
      () => new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws'),
    );
    sockets.push(...some);
    await Promise.all(some.map((socket) => answerOf(socket, statuses)));
  }
  for (const socket of sockets) socket.terminate();
  return [...statuses].join(' ');
}

function answerOf(socket: WebSocket, statuses: Set<number>): Promise<void> {
  return new Promise((resolve) => {
    socket.on('error', () => undefined);
    socket.on('open', () => {
      // The server closes a socket that says nothing, and then takes another one.
      socket.send(JSON.stringify({ type: 'connection_init' }));
      resolve();
    });
    socket.on('unexpected-response', (_request, { statusCode = 0 }) => {
      statuses.add(statusCode);
      resolve();
    });
  });
}
