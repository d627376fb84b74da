import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

/**
 * Takes back an upgrade that is not wanted: the returned connection gives the request again, without the offer. Java and
 * curl offer HTTP/2 in this way, and a server may ignore the offer.
 */
export function withoutUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Duplex {
  const { method = 'GET', url = '/', httpVersion, rawHeaders } = request;
  const lines: string[] = [];
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] ?? '';
    if (!/^(?:upgrade|connection|http2-settings)$/i.test(name)) lines.push(`${name}: ${rawHeaders[i + 1] ?? ''}`);
  }
  const written = [`${method} ${url} HTTP/${httpVersion}`, ...lines, '', ''].join('\r\n');
  socket.removeAllListeners('error');
  socket.unshift(Buffer.concat([Buffer.from(written, 'latin1'), head]));
  return socket;
}
