import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { commitOf, gitHash, listOf, sha256, type HubContent } from './hub-content.js';

/** What goes wrong with one answer. */
export type Fault =
  | { readonly kind: 'status'; readonly status: number; readonly headers?: Readonly<Record<string, string>> }
  /** The connection is cut after so many bytes. */
  | { readonly kind: 'drop'; readonly after: number }
  /** So many bytes, and nothing more, with the connection open. */
  | { readonly kind: 'stall'; readonly after: number }
  /** The answer says, and is, so much longer or shorter. */
  | { readonly kind: 'length'; readonly by: number }
  /** More bytes than were asked for, without a length told before. */
  | { readonly kind: 'surplus' }
  | { readonly kind: 'corrupt' }
  | { readonly kind: 'no-ranges' };

interface Asked {
  readonly by: 'hub' | 'network';
  readonly method: string;
  readonly path: string;
  readonly range: string | null;
  readonly authorization: string | null;
}

/**
 * Behaves as a model hub does: an API that lists files with size and hash, `resolve` addresses that send large files
 * to another origin, ranges; and goes wrong as it is told.
 */
export class HubServer {
  readonly asked: Asked[] = [];
  /** Bytes a chunk, and the pause after each: a slow line. */
  pace: { readonly bytes: number; readonly pauseMs: number } | null = null;
  private readonly faults = new Map<string, Fault[]>();

  private constructor(
    private readonly repositories: Readonly<Record<string, HubContent>>,
    private readonly hub: Server,
    private readonly network: Server,
  ) {
    hub.on('request', (request: IncomingMessage, response: ServerResponse) => {
      this.answerHub(request, response);
    });
    network.on('request', (request: IncomingMessage, response: ServerResponse) => {
      this.answerNetwork(request, response);
    });
  }

  static async start(repositories: Readonly<Record<string, HubContent>>): Promise<HubServer> {
    const [hub, network] = [createServer(), createServer()];
    for (const server of [hub, network]) await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    return new HubServer(repositories, hub, network);
  }

  get url(): string {
    return addressOf(this.hub);
  }

  get port(): number {
    return (this.hub.address() as AddressInfo).port;
  }

  /** The next answers for the bytes of a file, or for `api` of a repository, go wrong, one fault an answer. */
  fail(what: string, ...faults: readonly Fault[]): void {
    this.faults.set(what, [...(this.faults.get(what) ?? []), ...faults]);
  }

  async close(): Promise<void> {
    for (const server of [this.hub, this.network]) {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    }
  }

  private note(by: Asked['by'], { method = '', url = '', headers }: IncomingMessage): void {
    const { range = null, authorization = null } = headers;
    this.asked.push({ by, method, path: url, range, authorization });
  }

  private answerHub(request: IncomingMessage, response: ServerResponse): void {
    this.note('hub', request);
    const { pathname } = new URL(request.url ?? '', this.url);
    const [, api = null, repository = '', , name = ''] =
      /^\/(?:(api)\/models\/)?([^/]+\/[^/]+)\/(?:revision\/main|resolve\/([0-9a-f]{40})\/(.+))$/.exec(pathname) ?? [];
    const content = this.repositories[repository];
    if (content === undefined) return end(response, 404, { 'x-error-code': 'RepoNotFound' });
    if (api !== null) {
      const fault = this.faults.get(`api ${repository}`)?.shift();
      if (fault?.kind === 'status') return end(response, fault.status, fault.headers);
      return end(response, 200, {}, JSON.stringify(listOf(repository, content)));
    }
    if (content.gatedBy !== undefined && request.headers.authorization !== `Bearer ${content.gatedBy}`) {
      const status = request.headers.authorization === undefined ? 401 : 403;
      return end(response, status, { 'x-error-code': 'GatedRepo' });
    }
    const file = content.files[name];
    if (file === undefined) return end(response, 404, { 'x-error-code': 'EntryNotFound' });
    const etag = `"${file.lfs ? sha256(file.bytes) : gitHash(file.bytes)}"`;
    const named = { 'x-repo-commit': commitOf(repository), etag };
    if (!file.lfs) return void this.send(request, response, name, file.bytes, named);
    const linked = { 'x-linked-size': String(file.bytes.length), 'x-linked-etag': `"${sha256(file.bytes)}"` };
    const location = `${addressOf(this.network)}/${repository}/${name}?signed`;
    end(response, 302, { ...named, ...linked, location });
  }

  private answerNetwork(request: IncomingMessage, response: ServerResponse): void {
    this.note('network', request);
    const { pathname } = new URL(request.url ?? '', this.url);
    const [, owner = '', repository = '', name = ''] = pathname.split('/');
    const file = this.repositories[`${owner}/${repository}`]?.files[name];
    if (file === undefined) return end(response, 404);
    void this.send(request, response, name, file.bytes, { etag: '"of the network"' });
  }

  private async send(
    request: IncomingMessage,
    response: ServerResponse,
    name: string,
    bytes: Buffer,
    headers: Readonly<Record<string, string>>,
  ): Promise<void> {
    const fault = request.method === 'HEAD' ? undefined : this.faults.get(name)?.shift();
    if (fault?.kind === 'status') {
      end(response, fault.status, fault.headers);
      return;
    }
    const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
    const ranged = from !== undefined && fault?.kind !== 'no-ranges';
    const [start, stop] = ranged ? [Number(from), Number(to) + 1] : [0, bytes.length];
    const body = spoiled(bytes.subarray(start, stop), fault);
    response.writeHead(ranged ? 206 : 200, {
      ...headers,
      ...(ranged ? { 'content-range': `bytes ${start}-${stop - 1}/${bytes.length}` } : {}),
      ...(fault?.kind === 'surplus' ? {} : { 'content-length': body.length }),
    });
    if (request.method === 'HEAD') response.end();
    else await this.write(response, body, fault);
  }

  private async write(response: ServerResponse, body: Buffer, fault: Fault | undefined): Promise<void> {
    const cut = fault?.kind === 'drop' || fault?.kind === 'stall' ? Math.min(fault.after, body.length) : body.length;
    const step = this.pace?.bytes ?? cut + 1;
    for (let at = 0; at < cut && !response.destroyed; at += step) {
      await new Promise((done) => response.write(body.subarray(at, Math.min(cut, at + step)), done));
      if (this.pace !== null) await wait(this.pace.pauseMs);
    }
    if (fault?.kind === 'drop') response.destroy();
    else if (fault?.kind !== 'stall') response.end();
  }
}

function end(
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>> = {},
  body = '',
): void {
  response.writeHead(status, headers).end(body);
}

function spoiled(bytes: Buffer, fault: Fault | undefined): Buffer {
  switch (fault?.kind) {
    case 'length':
      return fault.by < 0 ? bytes.subarray(0, bytes.length + fault.by) : Buffer.concat([bytes, Buffer.alloc(fault.by)]);
    case 'surplus':
      return Buffer.concat([bytes, Buffer.alloc(10)]);
    case 'corrupt':
      return Buffer.from(bytes.map((byte, index) => (index === 0 ? byte ^ 1 : byte)));
    case 'status':
    case 'drop':
    case 'stall':
    case 'no-ranges':
    case undefined:
      return bytes;
  }
}

function addressOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
