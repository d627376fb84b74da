import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from '@jest/globals';
import type { RawImage } from '../../src/domain/raw-image.js';
import { encodePng } from '../../src/imaging/encode.js';
import { sampleCorpus } from '../../src/samples/corpus.js';
import { writeCorpus } from '../support/figseek-process.js';
import { cellAt, describePage } from '../support/page-browser.js';

const figures = 40;

function mirrored({ width, height, data }: RawImage): RawImage {
  const turned = new Uint8Array(data.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = 3 * (y * width + x);
      turned.set(data.subarray(from, from + 3), 3 * (y * width + width - 1 - x));
    }
  }
  return { width, height, data: turned };
}

/** Another file of the same picture: brighter by one level. */
function brighter({ width, height, data }: RawImage): RawImage {
  return { width, height, data: data.map((value) => Math.min(255, value + 1)) };
}

/** Drawn figures, the first of them once more, and the sixth mirrored. @returns the .jsonl file */
async function writeCopies(): Promise<string> {
  const file = await writeCorpus(figures);
  const folder = path.dirname(file);
  const records = [...sampleCorpus({ count: figures })];
  const [first, sixth] = [records[0], records[5]];
  if (first === undefined || sixth === undefined) throw new Error('Too few figures are drawn');
  writeFileSync(path.join(folder, 'images/copy.png'), await encodePng(brighter(first.draw())));
  writeFileSync(path.join(folder, 'images/mirrored.png'), await encodePng(mirrored(sixth.draw())));
  for (const [id, caption] of [
    ['copy', 'A copied picture under other words'],
    ['mirrored', 'A mirrored picture under other words'],
  ]) {
    appendFileSync(file, `\n${JSON.stringify({ id, image: `images/${id ?? ''}.png`, caption })}`);
  }
  return file;
}

describePage(
  'curation on the page',
  (open) => {
    async function idOf(words: string): Promise<string> {
      const { searchFigures } = await open.ask<{ searchFigures: { nodes: { figure: { id: string } }[] } }>(
        'query ($text: String!) { searchFigures(query: { text: $text, collapseDuplicates: false }, first: 1) { nodes { figure { id } } } }',
        { text: words },
      );
      return searchFigures.nodes[0]?.figure.id ?? '';
    }

    it('decides on figures with the same picture by keys, and takes it back', async () => {
      const { page, url } = open;
      const copy = await idOf('"A copied picture"');
      const isHidden = async (): Promise<boolean> =>
        (
          await open.ask<{ figure: { isHidden: boolean } }>('query ($id: ID!) { figure(id: $id) { isHidden } }', {
            id: copy,
          })
        ).figure.isHidden;
      await page.goto(`${url}/?section=duplicates`);
      const group = page.locator('.group').first();
      await group.focus();
      const position = await group
        .locator('.group-figures li')
        .filter({ hasNotText: 'A copied picture' })
        .getByRole('button', { name: /Keep only this one/ })
        .textContent();
      await page.keyboard.press(/\d/.exec(position ?? '')?.[0] ?? '');
      await group.getByText('One is kept; the others are hidden.').waitFor();
      expect(await isHidden()).toBe(true);
      await page.keyboard.press('u');
      await group.getByText('Undo').waitFor({ state: 'detached' });
      expect(await isHidden()).toBe(false);
      await page.keyboard.press('n');
      await group.getByText('They are shown apart.').waitFor();
      await page.keyboard.press('u');
      await group.getByText('Undo').waitFor({ state: 'detached' });
      await page.keyboard.press('a');
      await group.getByText('All are kept; a search shows one of them.').waitFor();
      await page.getByRole('button', { name: 'decided', exact: true }).click();
      await page.locator('.group').first().getByText('All are kept').waitFor();
      await page.getByRole('button', { name: 'to decide' }).click();
      await page.getByText('No group waits for a decision.').waitFor();
    });

    it('lists what was decided, and takes it back where no group is left', async () => {
      const { page, url } = open;
      const ids = await Promise.all(['"A copied picture"', '"A mirrored picture"'].map(idOf));
      await open.ask('mutation ($ids: [ID!]!) { decideDuplicates(figureIds: $ids, verdict: NOT_SAME) { verdict } }', {
        ids,
      });
      await page.goto(`${url}/?section=duplicates`);
      await page.getByRole('button', { name: 'decided', exact: true }).click();
      const decision = page.locator('.group').first();
      await decision.getByText('They are shown apart.').waitFor();
      expect(await decision.locator('img').count()).toBe(2);
      await decision.getByRole('button', { name: 'Undo' }).click();
      await decision.getByText('Taken back').waitFor();
      const { duplicateDecisions } = await open.ask<{ duplicateDecisions: { nodes: { figureIds: string[] }[] } }>(
        '{ duplicateDecisions { nodes { figureIds } } }',
      );
      expect(duplicateDecisions.nodes.map(({ figureIds }) => figureIds)).not.toContainEqual(ids.sort());
      // The decision of the test before stays.
      expect(duplicateDecisions.nodes).toHaveLength(1);
    });

    it('compares a figure with a mirrored copy of it, turned back, under a slider', async () => {
      const { page, url } = open;
      const id = await idOf('"A mirrored picture"');
      await page.goto(`${url}/?figure=${id}`);
      const match = page.locator('.reused li').first();
      await match.getByText(/mirrored/).waitFor();
      await match.getByRole('button', { name: 'Compare' }).click();
      const dialog = page.locator('dialog.comparison[open]');
      await dialog.locator('canvas').nth(3).waitFor();
      // Both crops show the same once the other one is mirrored back.
      const difference = `(() => {
        const [own, other] = [...document.querySelectorAll('.side-by-side canvas')].map((canvas) =>
          canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data);
        let sum = 0;
        for (let i = 0; i < own.length; i++) sum += Math.abs(own[i] - other[i]);
        return sum / own.length;
      })()`;
      let mean = 255;
      for (let i = 0; i < 50 && mean > 4; i++) {
        mean = await page.evaluate<number>(difference);
        await page.waitForTimeout(100);
      }
      expect(mean).toBeLessThan(4);
      await dialog.getByRole('slider').fill('0.2');
      expect(await dialog.locator('.overlaid > span').getAttribute('style')).toContain('20%');
      await page.keyboard.press('Escape');
    });

    it('changes a caption, which is found at once, shows who changed it, and undoes it', async () => {
      const { page, url } = open;
      await page.goto(`${url}/?q=survival curve`);
      await cellAt(page, 1).locator('.cell').click();
      await page.waitForSelector('.stage img');
      const id = new URL(page.url()).searchParams.get('figure') ?? '';
      await page.keyboard.press('e');
      const caption = page.getByLabel('Caption', { exact: true });
      const before = await caption.inputValue();
      await caption.fill(`${before} Zanzibar cohort.`);
      const labels = page.getByRole('textbox', { name: 'Labels' });
      await labels.fill('cohort, reviewed');
      await labels.press('Enter');
      await page.getByRole('button', { name: 'Save' }).click();
      await page.locator('.words', { hasText: 'Zanzibar cohort.' }).waitFor();
      expect(await idOf('Zanzibar')).toBe(id);
      const { figure } = await open.ask<{ figure: { labels: string[] } }>(
        'query ($id: ID!) { figure(id: $id) { labels } }',
        { id },
      );
      expect(figure.labels).toContain('cohort, reviewed');
      await page.getByRole('button', { name: 'Edit', exact: true }).click();
      expect(await page.locator('.history').textContent()).toMatch(/caption from “.*” to “.*labels from/s);
      await page.getByRole('button', { name: 'Undo all changes' }).click();
      await page.locator('.words', { hasText: 'Zanzibar' }).waitFor({ state: 'detached' });
    });

    it('suggests figures for a collection, takes answers, fills it by a list and exports it', async () => {
      const { page, url } = open;
      const { searchFigures } = await open.ask<{ searchFigures: { nodes: { figure: { id: string } }[] } }>(
        '{ searchFigures(query: { text: "microscopy" }, first: 6) { nodes { figure { id } } } }',
      );
      const [listed, ...ids] = searchFigures.nodes.map(({ figure }) => figure.id);
      const { createCollection } = await open.ask<{ createCollection: { id: string } }>(
        'mutation { createCollection(name: "Cells") { id } }',
      );
      await open.ask('mutation ($id: ID!, $ids: [ID!]!) { addToCollection(id: $id, figureIds: $ids) { id } }', {
        id: createCollection.id,
        ids,
      });
      await page.goto(`${url}/?section=collections&collection=${createCollection.id}`);
      const suggestions = page.locator('.suggestions li');
      await suggestions.first().waitFor();
      const first = (await suggestions.first().locator('img').getAttribute('src')) ?? '';
      await suggestions.first().getByRole('button', { name: 'Does not fit' }).click();
      await page.locator(`.suggestions img[src="${first}"]`).waitFor({ state: 'detached' });
      const learned = page.waitForResponse((answer) => answer.request().postData()?.includes('suggestions(') === true);
      await cellAt(page, 1).locator('.cell').focus();
      await page.keyboard.press('1');
      await learned;
      await suggestions.first().getByRole('button', { name: 'Add' }).click();
      await page.locator('.collection-bar', { hasText: '6 figures' }).waitFor();
      await page.getByText('Add by list').click();
      await page.getByLabel(/^Ids of figures/).fill(`${listed ?? ''}\n10.1/none`);
      await page.locator('.menu-panel').getByRole('button', { name: 'Add', exact: true }).click();
      await page.getByText(/1 line named nothing here/).waitFor();
      await page.getByText('Export', { exact: true }).click();
      const downloading = page.waitForEvent('download');
      await page.getByRole('link', { name: 'Records (JSON lines)' }).click();
      const file = await (await downloading).path();
      const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
      expect(lines.length).toBeGreaterThanOrEqual(6);
    });

    it('cites the article of a figure for a reference manager', async () => {
      const { page, url } = open;
      await page.goto(`${url}/?q=western blot`);
      await cellAt(page, 1).locator('.cell').click();
      await page.getByText('Cite the article').click();
      // Some browsers read what they are handed only later: it must not be taken back at once.
      await page.evaluate(`{
        window.takenBack = 0;
        const revoke = URL.revokeObjectURL;
        URL.revokeObjectURL = (address) => {
          window.takenBack++;
          revoke.call(URL, address);
        };
      }`);
      const downloading = page.waitForEvent('download');
      await page.getByRole('button', { name: 'BibTeX' }).click();
      expect(readFileSync(await (await downloading).path(), 'utf8')).toMatch(/^@article\{/);
      expect(await page.evaluate('window.takenBack')).toBe(0);
    });
  },
  writeCopies,
);
