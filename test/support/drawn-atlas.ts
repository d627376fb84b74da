import type { Locator, Page } from 'playwright-core';
import { encodeColumns } from '../../src/api/http/atlas-bytes.js';
import type { AtlasColumns } from '../../src/atlas/atlas-points.js';
import { figureIdOf } from '../../src/domain/ids.js';
import { decodeImage } from '../../src/imaging/decode.js';

const clusters = 60;
const generation = 'a20260101000000000';

/**
 * Gives the page a map of made-up points. Only the map is made up: the page, its policy and all other answers are the
 * server's.
 * @returns bytes of the binary answer
 */
export async function answerWithPoints(page: Page, count: number): Promise<number> {
  const file = encodeColumns(generation, drawnColumns(count));
  const atlas = {
    ...{ state: 'READY', progress: null, failure: null, madeAt: null },
    ...{ generation, pointsUrl: '/atlas/points' },
  };
  await page.route('**/graphql', (route) => {
    const { query } = route.request().postDataJSON() as { readonly query: string };
    return query.includes('AtlasStatus') ? route.fulfill({ json: { data: { atlas } } }) : route.continue();
  });
  await page.route('**/atlas/points*', (route) =>
    route.fulfill({ body: file, contentType: 'application/octet-stream' }),
  );
  return file.length;
}

/** Points around the middles of clusters, by a generator of pseudo-random numbers (Park and Miller). */
function drawnColumns(count: number): AtlasColumns {
  let state = 1;
  const random = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
  const normal = (): number => random() + random() + random() - 1.5;
  const middles = Array.from({ length: clusters }, () => ({ x: 0.1 + 0.8 * random(), y: 0.1 + 0.8 * random() }));
  const cluster = Uint16Array.from({ length: count }, (_, row) => row % clusters);
  const near = (axis: 'x' | 'y'): Float32Array =>
    Float32Array.from(cluster, (number) => (middles[number]?.[axis] ?? 0) + 0.03 * normal());
  const coded = (values: readonly string[]) => ({ codes: cluster.map((number) => number % values.length), values });
  return {
    rows: Uint32Array.from(cluster.keys()),
    figureIds: Array.from({ length: count }, (_, row) => figureIdOf(String(row))),
    ...{ x: near('x'), y: near('y'), cluster, total: count },
    modality: coded(['ct', 'mri', 'x-ray', 'histology', 'plot', 'fundus']),
    ...{ label: coded(['a', 'b', 'c']), collection: { codes: cluster.map(() => 0xffff), values: [] } },
    year: cluster.map((number) => 2000 + (number % 25)),
    clusters: middles.map((middle, number) => ({
      ...{ words: [`word${number}`, `other${number}`], count: count / clusters },
      ...middle,
    })),
  };
}

/** Where the map is drawn. */
export function atlasCanvas(page: Page): Locator {
  return page.locator('.atlas-surface');
}

/** How many pixels of the drawn map are not the paper. */
export async function drawnPixels(page: Page): Promise<number> {
  const { data: pixels } = (await decodeImage(await atlasCanvas(page).screenshot())).image;
  let colored = 0;
  for (let at = 0; at < pixels.length; at += 3) {
    const [red = 0, green = 0, blue = 0] = pixels.subarray(at, at + 3);
    if (Math.max(red, green, blue) - Math.min(red, green, blue) > 60) colored++;
  }
  return colored;
}
