import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, it } from '@jest/globals';
import { chromium, type Browser, type BrowserContext, type Locator, type Page } from 'playwright-core';
import { newPlace, run, startServer, writeCorpus, type Place, type Server } from './figseek-process.js';
import { askData } from './source-ingest.js';

const browserFile = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const flags = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-sync'];
const figuresByDefault = 60;

/** How the server of a page is filled and started. */
export interface PageServer {
  /** Options of the ingest. */
  readonly ingest?: readonly string[];
  /** Of the ingest and the server; asked once, before they start. */
  readonly env?: () => Promise<Readonly<Record<string, string>>>;
}

/** A page of the browser, and the server that it shows. The properties are set before the first test. */
export class OpenPage {
  /** The records of the figures; their images are beside it. */
  corpus = '';
  private place: Place | null = null;
  private env: Readonly<Record<string, string>> = {};
  private server: Server | null = null;
  private browser: Browser | null = null;
  private opened: Page | null = null;

  /**
   * Starts a server over figures, and a browser.
   * @param write writes the records and images, and answers the .jsonl file
   */
  async open(write: () => Promise<string>, { ingest = [], env }: PageServer): Promise<void> {
    this.place = newPlace();
    this.env = (await env?.()) ?? {};
    this.corpus = await write();
    const { code, stderr } = await run(this.place, ['ingest', this.corpus, ...ingest], this.env);
    if (code !== 0) throw new Error(`The ingest failed: ${stderr}`);
    this.server = await startServer(this.place, this.env);
    this.browser = await chromium.launch({ executablePath: browserFile, args: flags });
    this.opened = await this.browser.newPage();
  }

  async close(): Promise<void> {
    await this.browser?.close();
    await this.server?.stop();
  }

  /** Kills the server, as a crash does. */
  killServer(): void {
    if (this.server !== null) process.kill(this.server.pid, 'SIGKILL');
  }

  /** Starts a server over the same data at the same address. */
  async startServerAgain(): Promise<void> {
    if (this.place === null) throw new Error('The page is opened before the first test');
    this.server = await startServer(this.place, this.env, Number(new URL(this.url).port));
  }

  get url(): string {
    return this.server?.url ?? '';
  }

  get page(): Page {
    if (this.opened === null) throw new Error('The page is opened before the first test');
    return this.opened;
  }

  get context(): BrowserContext {
    return this.page.context();
  }

  /** Asks the GraphQL interface of the server. @returns the data of the answer */
  ask<Data>(query: string, variables: object = {}): Promise<Data> {
    if (this.server === null) throw new Error('The page is opened before the first test');
    return askData<Data>(this.server, query, variables);
  }
}

/** Scrolls down, screen by screen, until something exists; a long list loads its pages meanwhile. */
export async function scrollTo(page: Page, wanted: Locator): Promise<void> {
  for (let i = 0; i < 1000 && (await wanted.count()) === 0; i++) {
    await page.evaluate('scrollBy(0, innerHeight)');
    await page.waitForTimeout(60);
  }
}

/** A figure of the grid by its place in the list, from 1. */
export function cellAt(page: Page, position: number) {
  return page.locator(`.grid-cell[aria-posinset="${position}"]`);
}

/**
 * Tests in Chromium; without it they are left out with a message, and fail where CI is true.
 * @param write writes the records and images of the server's figures; by default 60 drawn ones
 * @param server how they are ingested and served
 */
export function describePage(
  name: string,
  tests: (open: OpenPage) => void,
  write: () => Promise<string> = () => writeCorpus(figuresByDefault),
  server: PageServer = {},
): void {
  if (!existsSync(browserFile)) {
    console.warn(`LEFT OUT: the tests of ${name} need Chromium; ${browserFile} is absent (set CHROMIUM)`);
    it('finds Chromium', () => {
      if (process.env['CI'] === 'true') throw new Error(`Chromium is absent: ${browserFile}`);
    });
    return;
  }
  describe(name, () => {
    const open = new OpenPage();
    beforeAll(() => open.open(write, server));
    afterAll(() => open.close());
    tests(open);
  });
}
