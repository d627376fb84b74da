import { expect, it } from '@jest/globals';
import type { Dialog, Locator, Route } from 'playwright-core';
import { writeCorpus } from '../support/figseek-process.js';
import { describePage } from '../support/page-browser.js';
import { makeImage } from '../support/source-ingest.js';

const sent = '**/ingest-uploads?**';

describePage(
  'files that are sent from the page',
  (open) => {
    const add = (): Locator => open.page.locator('.add-figures');
    const runs = (text: string): Locator =>
      open.page.locator('section', { hasText: 'Ingest runs' }).locator('li', { hasText: text });

    async function files(names: readonly string[], seed: number) {
      const images = await Promise.all(names.map((_name, at) => makeImage(seed + at)));
      return names.map((name, at) => ({ name, mimeType: 'image/png', buffer: images[at] ?? Buffer.alloc(0) }));
    }

    async function choose(names: readonly string[], seed: number): Promise<void> {
      await add()
        .getByLabel('Choose files')
        .setInputFiles(await files(names, seed));
    }

    it('belong to the source that was named', async () => {
      const { page, url } = open;
      await page.goto(`${url}/?section=system`);
      await add().getByLabel('Name of the source').fill('owls of the north');
      await add().getByLabel('Choose files').focus();
      await choose(['a.png', 'b.png'], 10);
      await runs('2 read, 2 added').waitFor({ timeout: 60_000 });
      // A person at the keyboard goes on from there.
      await add().locator('.drop-files:focus').waitFor();
      const { figures } = await open.ask<{ figures: { nodes: readonly { source: string }[] } }>(
        '{ figures(first: 20) { nodes { source } } }',
      );
      expect(figures.nodes.filter(({ source }) => source === 'owls of the north')).toHaveLength(2);
      expect(await add().getByLabel('Name of the source').inputValue()).toBe('');
    });

    it('are no longer sent where one was not taken', async () => {
      const { page } = open;
      let others = 0;
      const answer = async (route: Route): Promise<void> => {
        const name = new URL(route.request().url()).searchParams.get('name') ?? '';
        if (name === 'bad.png') {
          await route.fulfill({ status: 507, json: { error: { code: 'INSUFFICIENT_STORAGE', message: 'full' } } });
          return;
        }
        if (name.startsWith('late')) {
          others++;
          await new Promise((resolve) => setTimeout(resolve, 300));
        }
        await route.continue().catch(() => undefined);
      };
      await page.route(sent, answer);
      await choose(['first.png', 'bad.png', ...Array.from({ length: 20 }, (_, i) => `late-${i}.png`)], 20);
      await add().getByRole('alert').getByText('bad.png was not taken: full').waitFor();
      await page.waitForTimeout(1500);
      expect(others).toBeLessThan(6);
      expect(await add().getByRole('alert').count()).toBe(1);
      await page.unroute(sent, answer);
    });

    it('are sent without those whose names cannot be taken, which are told', async () => {
      await choose(['Fig 1: no name.png', 'c.png', 'd.png', 'e.png', 'f.png'], 50);
      await runs('4 read, 4 added').waitFor({ timeout: 60_000 });
      await add().getByRole('alert').getByText('1 file left out').waitFor();
      await add().getByRole('alert').getByText('Fig 1: no name.png was not taken: Expected the name').waitFor();
    });

    it('wait where the server takes no more at once', async () => {
      const { page } = open;
      const busy = { error: { code: 'RATE_LIMITED', message: 'Expected at most 8 uploads at once' } };
      await page.route(sent, (route) => route.fulfill({ status: 429, json: busy }), { times: 2 });
      await choose(['busy-1.png', 'busy-2.png', 'busy-3.png'], 60);
      await runs('3 read, 3 added').waitFor({ timeout: 60_000 });
    });

    it('are sent on while other parts of the page are shown; the tab is not closed without a question', async () => {
      const { page } = open;
      let release: () => void = () => undefined;
      const held = new Promise<void>((resolve) => (release = resolve));
      const hold = async (route: Route): Promise<void> => {
        await held;
        await route.continue();
      };
      await page.route(sent, hold);
      await choose(['slow.png'], 70);
      await add().getByRole('progressbar').waitFor();
      const asked: string[] = [];
      const stay = (dialog: Dialog): void => {
        asked.push(dialog.type());
        void dialog.dismiss();
      };
      page.on('dialog', stay);
      await page.reload({ timeout: 1000 }).catch(() => null);
      expect(asked).toEqual(['beforeunload']);
      page.off('dialog', stay);
      await page.getByRole('link', { name: 'Collections', exact: true }).click();
      await page.getByRole('link', { name: 'System', exact: true }).click();
      await add().getByRole('progressbar').waitFor();
      await page.getByRole('link', { name: 'Collections', exact: true }).click();
      release();
      await page.getByRole('link', { name: 'System', exact: true }).click();
      await runs('1 read, 1 added').waitFor({ timeout: 60_000 });
      await page.unroute(sent, hold);
    });

    it('are not sent a second time where only the ingest could not begin', async () => {
      const { page } = open;
      const refuse = async (route: Route): Promise<void> => {
        const isBegin = (route.request().postData() ?? '').includes('startUploadedIngest');
        const errors = [{ message: 'Expected fewer than 2 ingests at once', extensions: { code: 'CONFLICT' } }];
        await (isBegin ? route.fulfill({ json: { data: null, errors } }) : route.continue());
      };
      await page.route('**/graphql', refuse);
      await choose(['once-1.png', 'once-2.png', 'once-3.png', 'once-4.png', 'once-5.png'], 80);
      await add().getByRole('alert').getByText('fewer than 2 ingests').waitFor();
      await page.unroute('**/graphql', refuse);
      let requests = 0;
      page.on('request', (request) => {
        if (request.url().includes('ingest-uploads')) requests++;
      });
      await add().getByRole('button', { name: 'Try again' }).click();
      await runs('5 read, 5 added').waitFor({ timeout: 60_000 });
      expect(requests).toBe(0);
    });
  },
  () => writeCorpus(9),
);
