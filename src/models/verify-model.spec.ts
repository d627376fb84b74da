import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { FakeEncoder } from '../../test/support/fake-encoder.js';
import {
  dualEncoderManifest,
  panelDetectorManifest,
  registryOf,
  segmenterManifest,
} from '../../test/support/package-manifests.js';
import { RecordingReporter } from '../../test/support/recording-reporter.js';
import type { ModelComparison } from '../domain/model-comparison.js';
import type { PackageManifest } from '../model-packages/package-manifest.js';
import type { CompareWith } from './package-comparison.js';
import { VerifyModel } from './verify-model.js';
import { localOperator } from '../domain/viewer.js';

const full = dualEncoderManifest('full');
const lower = dualEncoderManifest('lower', { precision: 'int8', version: 'b'.repeat(64) });
const foreign = dualEncoderManifest('foreign', { checkpoint: 'd'.repeat(64) });
const cosines = { mean: 1, least: 1 };
const comparison: ModelComparison = { figures: 40, images: cosines, captions: cosines, overlap: 0.9 };

/** Its tokenizer sets a mark before each text, as those of real models do. */
class MarkingEncoder extends FakeEncoder {
  constructor() {
    super({ tokenize: (text) => Int32Array.from([1, ...Buffer.from(text).subarray(0, 31)]) });
  }
}

/** Its vectors of different images are all alike. */
class ConstantEncoder extends MarkingEncoder {
  override async embedImages(images: readonly Uint8Array[]): Promise<Float32Array[]> {
    const [first] = await super.embedImages(images.slice(0, 1).map((image) => new Uint8Array(image.length)));
    return images.map(() => first ?? new Float32Array(0));
  }
}

describe('verifying a model', () => {
  function verifier(manifests: readonly PackageManifest[], newEncoder: () => FakeEncoder = () => new MarkingEncoder()) {
    const packages = registryOf(...manifests);
    const compared: string[] = [];
    const compare = (name: string, ...[reference, sample]: Parameters<CompareWith>) => {
      compared.push(`${name} with ${reference} on ${sample}`);
      return Promise.resolve(comparison);
    };
    const registry = {
      folderOf: (name: string) => packages.folderOf(name),
      list: () => packages.list(),
      dualEncoder: (name: string) => packages.dualEncoder(name),
      // The packages have no files.
      verify: (name: string) => packages.manifest(name),
      load: () => Promise.resolve(newEncoder().model),
    };
    const verify = new VerifyModel(registry, () => Promise.resolve(newEncoder()), compare);
    const run = (name: string, against: string | null = null, sample = 200) =>
      verify.run(localOperator, name, { against, sample }, new RecordingReporter());
    return { run, compared, golden: (name: string) => path.join(packages.modelsDir, name, 'golden.json') };
  }

  it('keeps the vectors of a sound model, and compares with them the next time', async () => {
    const { run, golden } = verifier([full]);
    const first = await run('full');
    expect(first).toMatchObject({ name: 'full', golden: 'kept', against: null, comparison: null });
    expect(first.findings.map(({ holds }) => holds)).toEqual([true, true, true, true, true]);
    const second = await verifier([full]).run('full');
    expect(second.golden).toBe('kept');
    expect(existsSync(golden('full'))).toBe(true);
    const again = await run('full');
    expect(again.golden).toBe('compared');
    expect(again.findings.at(-1)).toMatchObject({ what: expect.stringMatching(/first verification/), holds: true });
  });

  it('finds vectors that are not those of the first verification', async () => {
    const { run, golden } = verifier([full]);
    await run('full');
    const kept = JSON.parse(readFileSync(golden('full'), 'utf8')) as { images: number[][] };
    const [first = [], ...rest] = kept.images;
    writeFileSync(golden('full'), JSON.stringify({ ...kept, images: [first.map((value) => -value), ...rest] }));
    expect((await run('full')).findings.at(-1)).toMatchObject({ holds: false });
  });

  it('keeps no vectors of a model that is not sound', async () => {
    const { run, golden } = verifier([full], () => new ConstantEncoder());
    const { findings, golden: kept } = await run('full');
    expect(kept).toBe('not kept');
    expect(findings.filter(({ holds }) => !holds).map(({ what }) => what)).toEqual(['different images differ']);
    expect(existsSync(golden('full'))).toBe(false);
  });

  it('compares a lower precision with fp32 of its checkpoint, or with the package that is named', async () => {
    const { run, compared } = verifier([full, lower, foreign]);
    const { against, comparison: made, findings } = await run('lower', null, 50);
    expect({ against, made }).toEqual({ against: 'full', made: comparison });
    expect(findings.at(-1)).toMatchObject({ value: 0.9, holds: false });
    await run('full', 'lower');
    expect(compared).toEqual(['lower with full on 50', 'full with lower on 200']);
  });

  it('refuses a package of another checkpoint, and a sample that is too small', async () => {
    const { run, compared } = verifier([full, foreign]);
    await expect(run('full', 'foreign')).rejects.toThrow(/another precision of full but foreign/);
    await expect(run('full', null, 29)).rejects.toThrow(/--sample of at least 30 but received 29/);
    expect(compared).toEqual([]);
  });

  it('checks only the files of a segmenter and of a panel detector', async () => {
    const { run } = verifier([segmenterManifest('masks'), panelDetectorManifest('finds')]);
    for (const name of ['masks', 'finds']) {
      expect(await run(name, null, 1)).toMatchObject({ name, findings: [], golden: 'not kept' });
    }
  });
});
