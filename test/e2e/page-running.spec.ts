import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from '@jest/globals';
import type { Locator } from 'playwright-core';
import { drawnBytes } from '../faults/drawn-bytes.js';
import { HubServer } from '../faults/hub-server.js';
import { writeCorpus } from '../support/figseek-process.js';
import { describePage } from '../support/page-browser.js';
import { makeImage } from '../support/source-ingest.js';
import { twoModels } from '../support/two-models.js';

const figures = 40;
const root = mkdtempSync(path.join(tmpdir(), 'root-'));
/** Its weights are none: what is fetched can be seen, and that it is no model. */
const repositories = {
  'vector-institute/pmc-18m-dab-detr': {
    license: 'apache-2.0',
    files: {
      'config.json': { bytes: Buffer.from('{}'), lfs: false },
      'preprocessor_config.json': { bytes: Buffer.from('{}'), lfs: false },
      'model.safetensors': { bytes: drawnBytes(300_000, 5), lfs: true },
    },
  },
};
let hub: HubServer | null = null;

afterAll(() => hub?.close());

describePage(
  'running figseek from the page',
  (open) => {
    const section = (name: string): Locator =>
      open.page.locator('section').filter({ has: open.page.getByRole('heading', { name, exact: true }) });
    const run = (state: string): Locator => section('Ingest runs').locator('li').filter({ hasText: state });

    it('takes a folder of files in, tells its faults, and reads it again when it was corrected', async () => {
      const { page, url } = open;
      const folder = path.join(mkdtempSync(path.join(tmpdir(), 'sent-')), 'sent');
      mkdirSync(path.join(folder, 'inner'), { recursive: true });
      writeFileSync(path.join(folder, 'owl.png'), await makeImage(1));
      writeFileSync(path.join(folder, 'owl.txt'), 'An owl that was sent from the page');
      writeFileSync(path.join(folder, 'inner/bad.png'), 'no image');
      writeFileSync(path.join(folder, '.DS_Store'), 'of the system');
      await page.goto(`${url}/?section=system`);
      await section('Add figures').getByLabel('Name of the source').fill('owls');
      await section('Add figures').getByLabel('Choose a folder').setInputFiles(folder);
      await run('sent').getByText('2 read, 1 added', { exact: false }).waitFor({ timeout: 60_000 });
      await run('sent').getByText('1 fault', { exact: true }).click();
      await run('sent').locator('tbody').getByText('inner/bad.png').waitFor();
      await run('sent').getByRole('button', { name: 'Read the source again' }).click();
      await run('1 unchanged').waitFor({ timeout: 60_000 });

      await page.getByRole('searchbox').fill('"An owl that was sent"');
      await page.keyboard.press('Enter');
      await page.locator('.grid-cell').first().getByText('An owl that was sent from the page').waitFor();
    });

    it('says why a file was not taken, and sends what was chosen again', async () => {
      const { page, url } = open;
      await page.goto(`${url}/?section=system`);
      await page.route('**/ingest-uploads?**', (route) => route.abort(), { times: 1 });
      const chosen = { name: 'late.png', mimeType: 'image/png', buffer: await makeImage(2) };
      await section('Add figures').getByLabel('Choose files').setInputFiles(chosen);
      await section('Add figures').getByRole('alert').getByText('late.png was not taken').waitFor();
      await section('Add figures').getByRole('button', { name: 'Send again' }).click();
      await run('1 read, 1 added').waitFor({ timeout: 60_000 });
    });

    it('sends nothing more after a file that was not taken', async () => {
      const { page, url } = open;
      await page.goto(`${url}/?section=system`);
      const asked: string[] = [];
      await page.route('**/ingest-uploads?**', async (route) => {
        const name = new URL(route.request().url()).searchParams.get('name') ?? '';
        asked.push(name);
        if (name === '1.png') return route.abort();
        // Those that are under way end after the one that fails.
        await page.waitForTimeout(name === '0.png' ? 0 : 500);
        return route.continue();
      });
      const buffer = await makeImage(4);
      const chosen = Array.from({ length: 12 }, (_, at) => ({ name: `${at}.png`, mimeType: 'image/png', buffer }));
      await section('Add figures').getByLabel('Choose files').setInputFiles(chosen);
      const alert = section('Add figures').getByRole('alert').getByText('1.png was not taken');
      await alert.waitFor();
      await page.waitForTimeout(1500);
      expect(await alert.isVisible()).toBe(true);
      expect(asked.sort()).toEqual(['0.png', '1.png', '2.png', '3.png']);
      await page.unroute('**/ingest-uploads?**');
    });

    it('begins an ingest again without sending its files again', async () => {
      const { page, url } = open;
      await page.goto(`${url}/?section=system`);
      let isRefused = false;
      await page.route('**/graphql', (route) => {
        const isIngest = route.request().postData()?.includes('startUploadedIngest') === true;
        if (!isIngest || isRefused) return route.continue();
        isRefused = true;
        return route.abort();
      });
      const sent: string[] = [];
      page.on('request', (request) => {
        if (request.url().includes('/ingest-uploads')) sent.push(request.url());
      });
      const chosen = { name: 'once.png', mimeType: 'image/png', buffer: await makeImage(5) };
      await section('Add figures').getByLabel('Choose files').setInputFiles(chosen);
      await section('Add figures').getByRole('button', { name: 'Try again' }).click();
      await section('Add figures').getByRole('alert').waitFor({ state: 'detached', timeout: 60_000 });
      await section('Add figures').getByLabel('Choose files').waitFor();
      expect([isRefused, sent.length]).toEqual([true, 1]);
      await page.unroute('**/graphql');
    });

    it('reads a folder of the server, and says which folders it may read', async () => {
      const { page } = open;
      writeFileSync(path.join(root, 'owl.png'), await makeImage(3));
      const field = section('Add figures').getByLabel('folder of the server', { exact: false });
      await field.fill('/etc');
      await page.keyboard.press('Enter');
      await section('Add figures').getByRole('alert').getByText(`below ${root}`).waitFor();
      await field.fill(root);
      await page.keyboard.press('Enter');
      await run(root).getByText('1 added', { exact: false }).waitFor({ timeout: 60_000 });
    });

    it('verifies, compares and activates model packages, with progress', async () => {
      const { page } = open;
      const models = section('Models');
      await models.getByRole('button', { name: 'Verify other' }).click();
      await models
        .locator('li')
        .filter({ hasText: 'Verifying other' })
        .getByText('✓')
        .first()
        .waitFor({ timeout: 90_000 });
      await models.getByLabel('Compare other with another model').selectOption('starter');
      await models.getByText('No difference is shown').waitFor({ timeout: 90_000 });
      await models.getByRole('button', { name: 'Use other' }).click();
      await models.locator('li').filter({ hasText: 'done Making other active' }).waitFor({ timeout: 90_000 });
      await models.getByRole('listitem', { name: 'other', exact: true }).getByText('in use').waitFor();
      expect(await page.locator('.facts').first().textContent()).toContain('Modelother');
    });

    it('fetches a model only where its terms are accepted, and tells why it is none', async () => {
      const { page } = open;
      const models = section('Models');
      await models.getByText('panel-detector can be fetched').click();
      const fetching = models.getByRole('button', { name: 'Fetch panel-detector' });
      expect(await fetching.isDisabled()).toBe(true);
      await models.locator('details[open]').getByLabel('I accept the license').check();
      await fetching.click();
      await models
        .locator('li')
        .filter({ hasText: 'failed Fetching panel-detector' })
        .getByRole('alert')
        .waitFor({ timeout: 60_000 });
      expect(hub?.asked.some(({ path: asked }) => asked.includes('model.safetensors'))).toBe(true);
      await page.getByText('Model packages').waitFor();
    });
  },
  () => writeCorpus(figures),
  {
    env: async () => {
      hub = await HubServer.start(repositories);
      return { ...twoModels(), FIGSEEK_HUB_URL: hub.url, FIGSEEK_INGEST_ROOTS: root, HF_TOKEN: '' };
    },
  },
);
