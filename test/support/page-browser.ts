import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, it } from '@jest/globals';
import { chromium, type Browser, type Page } from 'playwright-core';
import { newPlace, run, startServer, writeCorpus, type Server } from './figseek-process.js';

const browserFile = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const flags = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-sync'];

/** A page of the browser, and the server that it shows. The properties are set before the first test. */
export class OpenPage {
  /** The records of the figures; their images are beside it. */
  corpus = '';
  private server: Server | null = null;
  private browser: Browser | null = null;
  private opened: Page | null = null;

  /** Starts a server over drawn figures, and a browser. */
  async open(): Promise<void> {
    const place = newPlace();
    this.corpus = await writeCorpus(60);
    await run(place, ['ingest', this.corpus]);
    this.server = await startServer(place);
    this.browser = await chromium.launch({ executablePath: browserFile, args: flags });
    this.opened = await this.browser.newPage();
  }

  async close(): Promise<void> {
    await this.browser?.close();
    await this.server?.stop();
  }

  get url(): string {
    return this.server?.url ?? '';
  }

  get page(): Page {
    if (this.opened === null) throw new Error('The page is opened before the first test');
    return this.opened;
  }
}

/** Tests in Chromium; without it they are left out with a message, and fail where CI is true. */
export function describePage(name: string, tests: (open: OpenPage) => void): void {
  if (!existsSync(browserFile)) {
    console.warn(`LEFT OUT: the tests of ${name} need Chromium; ${browserFile} is absent (set CHROMIUM)`);
    it('finds Chromium', () => {
      if (process.env['CI'] === 'true') throw new Error(`Chromium is absent: ${browserFile}`);
    });
    return;
  }
  describe(name, () => {
    const open = new OpenPage();
    beforeAll(() => open.open());
    afterAll(() => open.close());
    tests(open);
  });
}
