import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What goes wrong with an answer. */
export type PmcFault =
  | { readonly kind: 'status'; readonly status: number; readonly headers?: Readonly<Record<string, string>> }
  /** Half of the bytes, and nothing more, with the connection open. */
  | { readonly kind: 'stall' }
  /** Half of the bytes, with the whole length told. */
  | { readonly kind: 'cut' }
  /** Half of the bytes as if they were all. */
  | { readonly kind: 'short' }
  | { readonly kind: 'corrupt' }
  /** Bytes without end. */
  | { readonly kind: 'endless' };

interface PlannedFault {
  readonly fault: PmcFault;
  /** Answers that it still spoils. */
  left: number;
}

/** A version of an article as the bucket has it. */
export interface PmcVersion {
  /** `PMC1.2` */
  readonly name: string;
  readonly xml: string | Buffer;
  readonly metadata: string;
  readonly media: ReadonlyMap<string, Buffer>;
}

/** Behaves as the bucket of PubMed Central's article datasets and as the search of Europe PMC, and goes wrong as it is told. */
export class PmcServer {
  /** Each request, with the milliseconds at which it was received. */
  readonly asked: { readonly path: string; readonly at: number }[] = [];
  /** Articles that Europe PMC knows; with open access where the bucket has them too. */
  readonly known = new Set<string>();
  /** Results on one page of the search, whatever was asked for. */
  pageSize = 1000;
  private readonly files = new Map<string, string | Buffer>();
  private readonly versions = new Map<string, PmcVersion>();
  private readonly faults = new Map<string, PlannedFault>();

  private constructor(private readonly server: Server) {
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      this.answer(request, response);
    });
  }

  static async start(): Promise<PmcServer> {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    return new PmcServer(server);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** What makes figseek ask here. @param perSecond requests */
  settings(perSecond: number, timeoutMs = 5000): Readonly<Record<string, string>> {
    return {
      FIGSEEK_PMC_URL: `${this.url}/bucket`,
      FIGSEEK_EUROPEPMC_URL: `${this.url}/rest`,
      FIGSEEK_PMC_REQUESTS_PER_SECOND: String(perSecond),
      FIGSEEK_PMC_TIMEOUT_MS: String(timeoutMs),
    };
  }

  contents(): readonly PmcVersion[] {
    return [...this.versions.values()];
  }

  add(version: PmcVersion): void {
    const { name, xml, metadata, media } = version;
    this.versions.set(name, version);
    this.known.add(name.replace(/\..*$/, ''));
    this.files.set(`${name}/${name}.xml`, xml);
    this.files.set(`metadata/${name}.json`, metadata);
    for (const [file, bytes] of media) this.files.set(`${name}/${file}`, bytes);
  }

  /** @param key as `PMC1.2/fig1.png` @param times how many answers it spoils */
  fail(key: string, fault: PmcFault, times = Infinity): void {
    this.faults.set(key, { fault, left: times });
  }

  /** Whether answers for a key go wrong, or did. */
  isSpoiled(key: string): boolean {
    return this.faults.has(key);
  }

  /** Keys of the bucket that were asked for, each as often as it was. */
  fetched(): readonly string[] {
    return this.asked.flatMap(({ path }) => (path.startsWith('/bucket/') ? [decodeURIComponent(path.slice(8))] : []));
  }

  /** Most requests that came within any window of one second. */
  mostInOneSecond(): number {
    let [most, from] = [0, 0];
    for (const [to, { at }] of this.asked.entries()) {
      while ((this.asked[from]?.at ?? 0) <= at - 1000) from++;
      most = Math.max(most, to - from + 1);
    }
    return most;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }

  private answer({ url = '' }: IncomingMessage, response: ServerResponse): void {
    this.asked.push({ path: url, at: performance.now() });
    const { pathname, searchParams } = new URL(url, this.url);
    if (pathname === '/rest/search') return void response.end(this.found(searchParams));
    const key = decodeURIComponent(pathname.replace(/^\/bucket\//, ''));
    if (key === '') return this.send(response, `list ${searchParams.get('prefix') ?? ''}`, this.listed(searchParams));
    const content = this.files.get(key);
    if (content === undefined && !this.faults.has(key)) return void response.writeHead(404).end();
    this.send(response, key, Buffer.from(content ?? ''));
  }

  private listed(asked: URLSearchParams): Buffer {
    const prefix = asked.get('prefix') ?? '';
    const names = [...this.versions.keys()].filter((name) => name.startsWith(prefix));
    const prefixes = names.map((name) => `<CommonPrefixes><Prefix>${name}/</Prefix></CommonPrefixes>`);
    const truncated = '<KeyCount>1</KeyCount><IsTruncated>false</IsTruncated>';
    const head = '<?xml version="1.0" encoding="UTF-8"?>';
    const open = '<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">';
    return Buffer.from(`${head}\n${open}<Prefix>${prefix}</Prefix>${truncated}${prefixes.join('')}</ListBucketResult>`);
  }

  private found(asked: URLSearchParams): string {
    const query = asked.get('query') ?? '';
    if (query.includes('syntax error')) return JSON.stringify({ errCode: 404, errMsg: 'the query cannot be parsed' });
    const one = /^PMCID:(PMC\d+)$/.exec(query)?.[1];
    const all = [...this.known].filter((article) => one === undefined || article === one);
    const wanted = query.includes('nothing') ? [] : all;
    const start = Number(/^at-(\d+)$/.exec(asked.get('cursorMark') ?? '')?.[1] ?? 0);
    const page = wanted.slice(start, start + Math.min(this.pageSize, Number(asked.get('pageSize'))));
    const nextCursorMark = `at-${start + page.length}`;
    const result = page.map((pmcid) => ({ id: '1', source: 'MED', pmcid, title: 'An article' }));
    return JSON.stringify({ version: '6.9', hitCount: wanted.length, nextCursorMark, resultList: { result } });
  }

  private send(response: ServerResponse, key: string, bytes: Buffer): void {
    const planned = this.faults.get(key);
    const fault = planned !== undefined && planned.left-- > 0 ? planned.fault : null;
    const half = bytes.subarray(0, bytes.length / 2);
    switch (fault?.kind) {
      case 'status':
        response.writeHead(fault.status, fault.headers).end();
        return;
      case 'stall':
        response.writeHead(200, { 'content-length': bytes.length }).write(half);
        return;
      case 'cut':
        response.writeHead(200, { 'content-length': bytes.length }).write(half, () => response.destroy());
        return;
      case 'short':
        response.writeHead(200).end(half);
        return;
      case 'corrupt':
        response.end(Buffer.from(bytes.map((byte, place) => (place === bytes.length - 20 ? byte ^ 1 : byte))));
        return;
      case 'endless':
        this.writeForEver(response);
        return;
      case undefined:
        response.writeHead(200, { 'content-length': bytes.length }).end(bytes);
    }
  }

  private writeForEver(response: ServerResponse): void {
    const write = (): void => {
      if (response.destroyed) return;
      response.write(Buffer.alloc(256 * 1024, 0x20), () => setImmediate(write));
    };
    write();
  }
}
