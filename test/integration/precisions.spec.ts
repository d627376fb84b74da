import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { packageRoot } from '../../src/app/config.js';
import type { DualEncoderManifest } from '../../src/model-packages/package-manifest.js';
import { newPlace, run, writeCorpus, type Finished } from '../support/figseek-process.js';
import { repositorySet } from '../golden/golden-sets.js';

interface Verification {
  readonly findings: readonly { readonly what: string; readonly holds: boolean }[];
  readonly golden: string;
  readonly against: string | null;
  readonly comparison: { readonly figures: number; readonly overlap: number; readonly images: { mean: number } } | null;
}

describe('the precisions of a model on a corpus', () => {
  const model = repositorySet('biomedclip').modelFolder();
  const place = newPlace();
  const models = mkdtempSync(path.join(tmpdir(), 'models-'));
  const figseek = (...args: readonly string[]): Promise<Finished> => run(place, args, { FIGSEEK_MODELS: models });
  const verification = ({ stdout }: Finished): Verification => JSON.parse(stdout) as Verification;
  const manifestFile = (name: string): string => path.join(models, name, 'model.json');
  const manifestOf = (name: string): DualEncoderManifest =>
    JSON.parse(readFileSync(manifestFile(name), 'utf8')) as DualEncoderManifest;

  beforeAll(async () => {
    await figseek('models', 'import', model);
    await figseek('models', 'import', model, '--precision', 'fp16-weights');
    await figseek('models', 'import', model, '--precision', 'int8');
    // Another model under the name of a lower precision of this one: as wrong as a package can be.
    cpSync(path.join(packageRoot, 'models', 'starter'), path.join(models, 'wrong'), { recursive: true });
    const { checkpoint } = manifestOf('biomedclip');
    writeFileSync(manifestFile('wrong'), JSON.stringify({ ...manifestOf('wrong'), name: 'wrong', checkpoint }));
    await run(place, ['ingest', await writeCorpus(40)], { FIGSEEK_MODELS: models, FIGSEEK_MODEL: 'biomedclip' });
  });

  it('lie side by side, of one checkpoint, each with its version', () => {
    const [exact, lower] = [manifestOf('biomedclip'), manifestOf('biomedclip-int8')];
    expect(lower.checkpoint).toBe(exact.checkpoint);
    expect(lower.version).not.toBe(exact.version);
    expect(lower.precision).toBe('int8');
  });

  it('are held against fp32 on the figures of the user, and against their own first vectors', async () => {
    const first = verification(await figseek('models', 'verify', 'biomedclip-int8', '--json'));
    expect(first).toMatchObject({ golden: 'kept', against: 'biomedclip', comparison: { figures: 40 } });
    expect(first.comparison?.images.mean).toBeGreaterThan(0.99);
    expect(first.findings.length).toBeGreaterThanOrEqual(5);
    const isOverlap = ({ what }: { what: string }) => what.startsWith('the ten best answers of biomedclip kept');
    expect(first.findings.filter((finding) => !finding.holds && !isOverlap(finding))).toEqual([]);
    expect(first.findings.find(isOverlap)?.holds).toBe((first.comparison?.overlap ?? 0) >= 0.97);
    const again = verification(await figseek('models', 'verify', 'biomedclip-int8', '--json', '--sample', '30'));
    expect(again).toMatchObject({ golden: 'compared', comparison: { figures: 30 } });
    expect(again.findings).toHaveLength(first.findings.length + 1);
  });

  it('are not held against another checkpoint, nor on too few figures', async () => {
    cpSync(path.join(packageRoot, 'models', 'starter'), path.join(models, 'starter'), { recursive: true });
    const other = await figseek('models', 'verify', 'biomedclip-int8', '--against', 'starter');
    expect([other.code, other.stderr]).toEqual([2, expect.stringMatching(/but starter is of another checkpoint/)]);
    const few = await figseek('models', 'verify', 'biomedclip-int8', '--sample', '29');
    expect([few.code, few.stderr]).toEqual([2, expect.stringMatching(/--sample of at least 30 but received 29/)]);
  });

  it('end a verification with 3 where the vectors are no longer those of the first one', async () => {
    await figseek('models', 'verify', 'biomedclip-fp16-weights');
    const file = path.join(models, 'biomedclip-fp16-weights', 'golden.json');
    const golden = JSON.parse(readFileSync(file, 'utf8')) as { images: number[][] };
    writeFileSync(file, JSON.stringify({ ...golden, images: golden.images.toReversed() }));
    const { code, stdout } = await figseek('models', 'verify', 'biomedclip-fp16-weights');
    expect(code).toBe(3);
    expect(stdout).toMatch(/WRONG {2}the vectors of the first verification/);
  });

  it('become active where they answer as fp32 does', async () => {
    const { code, stdout } = await figseek('models', 'use', 'biomedclip-fp16-weights');
    expect(code).toBe(0);
    expect(stdout).toMatch(/against biomedclip on 40 figures.*\n.*is active \(40 figures embedded now\)/);
  });

  it('are refused where they answer otherwise, unless the user insists', async () => {
    const refused = await figseek('models', 'use', 'wrong');
    expect(refused.code).toBe(3);
    expect(refused.stderr).toMatch(/wrong was not made active.*expected 97 %; use biomedclip, or say --force/);
    expect((await figseek('models')).stdout).toMatch(/^biomedclip-fp16-weights .* active$/m);
    const forced = await figseek('models', 'use', 'wrong', '--force');
    expect(forced.stdout).toMatch(/wrong is active/);
  });

  it('are refused where fp32 is not there to hold them against, unless the user insists', async () => {
    rmSync(path.join(models, 'biomedclip'), { recursive: true });
    const refused = await figseek('models', 'use', 'biomedclip-int8');
    expect(refused.code).toBe(3);
    expect(refused.stderr).toMatch(
      /no fp32 package of its checkpoint is here .* pull or import it without --precision/,
    );
    expect((await figseek('models', 'use', 'biomedclip-int8', '--force')).stdout).toMatch(/biomedclip-int8 is active/);
  });
});
