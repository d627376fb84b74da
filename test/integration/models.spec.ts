import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { newPlace, run, startServer, writeCorpus, type Place, type Server } from '../support/figseek-process.js';
import { twoModels } from '../support/two-models.js';

function imageFiles({ data }: Place): readonly string[] {
  return readdirSync(path.join(data, 'images'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
}

async function codeOf(server: Server, query: string): Promise<string | undefined> {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  const { errors } = (await response.json()) as { errors?: { extensions: { code: string } }[] };
  return errors?.[0]?.extensions.code;
}

describe('figseek models', () => {
  it('switches past figures whose image is missing or damaged, names them, and ends with code 1', async () => {
    const [place, env] = [newPlace(), twoModels()];
    await run(place, ['ingest', await writeCorpus(6)], env);
    const [missing = '', damaged = ''] = imageFiles(place);
    rmSync(missing);
    writeFileSync(damaged, 'no image');
    const { code, stdout } = await run(place, ['models', 'use', 'other'], env);
    expect(code).toBe(1);
    expect(stdout).toMatch(/other is active \(4 figures embedded now\)/);
    expect(stdout).toMatch(/2 figures could not be embedded/);
    expect(stdout).toMatch(new RegExp(`drawn-1-\\d+: .*${path.basename(missing)} is missing`));
    expect(stdout).toMatch(new RegExp(`drawn-1-\\d+: .*${path.basename(damaged)} is damaged`));
  });

  it('lists the packages and makes no data folder', async () => {
    const place = newPlace();
    const { stdout } = await run(place, ['models']);
    expect(stdout).toMatch(/^starter .* active$/m);
    expect(existsSync(place.data)).toBe(false);
  });

  it('verifies a segmenter in JSON too, and refuses a sample that is no whole number', async () => {
    const { code, stdout } = await run(newPlace(), ['models', 'verify', 'starter-segmenter', '--json']);
    expect({ code, said: JSON.parse(stdout) as unknown }).toMatchObject({
      code: 0,
      said: { name: 'starter-segmenter', findings: [] },
    });
    const refused = await run(newPlace(), ['models', 'verify', 'starter', '--sample', 'abc']);
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('expected a whole number from 1') });
  });

  it('warns when the served model never embedded the figures, and ingesting again embeds them', async () => {
    const [place, env] = [newPlace(), twoModels()];
    const corpus = await writeCorpus(4);
    await run(place, ['ingest', corpus], env);
    const asOther = { ...env, FIGSEEK_MODEL: 'other' };
    const warning = /4 panels are not embedded by other .* figseek models use other/;
    const server = await startServer(place, asOther);
    const like =
      '{ searchFigures(query: { text: "figure drawn image", channels: [KEYWORD] }) { nodes { figure { similar { nodes { rank } } } } } }';
    expect(await codeOf(server, like)).toBe('INDEX_UNAVAILABLE');
    expect((await server.stop()).stderr).toMatch(warning);
    const { stdout } = await run(place, ['ingest', corpus, '--json'], asOther);
    expect(JSON.parse(stdout)).toMatchObject({ added: 0, updated: 4, unchanged: 0 });
    expect((await (await startServer(place, asOther)).stop()).stderr).not.toMatch(/not embedded/);
    // The vectors of the first model stay.
    const again = await run(place, ['ingest', corpus, '--json'], env);
    expect(JSON.parse(again.stdout)).toMatchObject({ updated: 0, unchanged: 4 });
  });
});
