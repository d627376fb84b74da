import { beforeEach, describe, expect, it } from '@jest/globals';
import {
  dualEncoderManifest,
  panelDetectorManifest,
  registryOf,
  segmenterManifest,
} from '../../test/support/package-manifests.js';
import { loadPanelDetector } from '../model-packages/dab-detr/load-panel-detector.js';
import { RecordingReporter } from '../../test/support/recording-reporter.js';
import type { ModelComparison } from '../domain/model-comparison.js';
import { UseModel, type ModelActivation, type ModelCorpus } from './use-model.js';
import { localOperator } from '../domain/viewer.js';

const cosines = { mean: 1, least: 1 };
const alike: ModelComparison = { figures: 40, images: cosines, captions: null, overlap: 0.99 };
const failure = { sourceKey: 'broken', message: 'no image' };

/** A corpus with figures that lack a vector; notes what was done with it. */
class FakeCorpus implements ModelCorpus {
  readonly log: string[] = [];
  /** Figures that came while the index was built. */
  late = 0;
  comparison: ModelComparison | null = alike;

  constructor(private missing: number) {}

  setPanelDetector(name: string | null): Promise<void> {
    return Promise.resolve(void this.log.push(`panels by ${name ?? 'rules'}`));
  }

  hasEmbeddedAll(): Promise<boolean> {
    return Promise.resolve(this.missing === 0);
  }

  withActivation<Result>(name: string, work: (activation: ModelActivation) => Promise<Result>): Promise<Result> {
    const note = (what: string): Promise<void> => Promise.resolve(void this.log.push(what));
    this.log.push(`open ${name}`);
    return work({
      acquireLease: () => note('lease'),
      countMissing: () => Promise.resolve(this.missing),
      embedMissing: async () => {
        await note(`embed ${this.missing}`);
        const embedded = this.missing;
        this.missing = 0;
        return { embedded, failures: [failure] };
      },
      buildIndex: async () => {
        await note('index');
        this.missing += this.late;
      },
      compareWith: async (reference, sample) => {
        await note(`compare with ${reference} on ${sample}`);
        return this.comparison;
      },
      activate: () => note('activate'),
    });
  }
}

type UseRegistry = ConstructorParameters<typeof UseModel>[0];

describe('making a model active', () => {
  const lower = (precision: 'fp16' | 'fp16-weights' | 'int8') => dualEncoderManifest('lower', { precision });
  let reporter: RecordingReporter;
  let corpus: FakeCorpus;
  let calibrated: string[];

  beforeEach(() => {
    reporter = new RecordingReporter();
    corpus = new FakeCorpus(3);
    calibrated = [];
  });

  function useCase(registry: UseRegistry) {
    const calibrate = {
      runOnce: (_viewer: unknown, model: { name: string }) => Promise.resolve(void calibrated.push(model.name)),
    };
    return new UseModel(registry, calibrate, corpus);
  }

  function use(name: string, registry: UseRegistry = registryOf(dualEncoderManifest('model')), force = false) {
    return useCase(registry).run(localOperator, name, { force }, reporter);
  }

  it('embeds what is stored, builds the index, embeds what came meanwhile, and switches at the end', async () => {
    corpus.late = 1;
    expect(await use('model')).toEqual({ name: 'model', kind: 'dual-encoder', embedded: 4, failures: [failure] });
    expect(corpus.log).toEqual(['open model', 'lease', 'embed 3', 'index', 'embed 1', 'activate']);
    expect(reporter.tracked).toEqual(['embedding by model: 3', 'embedding by model: 1']);
    expect(calibrated).toEqual(['model']);
  });

  it('measures and compares nothing where every figure has its vector', async () => {
    corpus = new FakeCorpus(0);
    const report = await use('lower', registryOf(lower('int8'), dualEncoderManifest('model')));
    expect(report).toEqual({ name: 'lower', kind: 'dual-encoder', embedded: 0, failures: [] });
    expect(corpus.log).toEqual(['open lower', 'lease', 'index', 'activate']);
    expect(calibrated).toEqual([]);
  });

  it('opens no corpus for a package that is not there, or is a segmenter', async () => {
    const registry = registryOf(segmenterManifest('masks'));
    for (const name of ['slip', 'masks']) {
      await expect(use(name, registry)).rejects.toMatchObject({ code: 'MODEL_UNAVAILABLE' });
    }
    expect(corpus.log).toEqual([]);
  });

  it('makes a panel detector the one of the next ingest, and touches nothing else', async () => {
    const packages = registryOf(panelDetectorManifest('finds'));
    const registry = {
      manifest: (name: string) => packages.manifest(name),
      dualEncoder: (name: string) => packages.dualEncoder(name),
      list: () => packages.list(),
      // The package has no files.
      loadPanelDetector: async (name: string) => loadPanelDetector('/packages', await packages.panelDetector(name)),
    };
    expect(await use('finds', registry)).toMatchObject({ name: 'finds', kind: 'panel-detector', embedded: 0 });
    await useCase(registry).useNoDetector(localOperator);
    expect(corpus.log).toEqual(['panels by finds', 'panels by rules']);
    expect(calibrated).toEqual([]);
  });

  it('refuses a panel detector whose files are not those of its import', async () => {
    const registry = registryOf(panelDetectorManifest('finds'));
    await expect(use('finds', registry)).rejects.toMatchObject({ code: 'MODEL_UNAVAILABLE' });
    expect(corpus.log).toEqual([]);
  });

  it('tells how like fp32 a lower precision is', async () => {
    await use('lower', registryOf(lower('int8'), dualEncoderManifest('model')));
    expect(corpus.log.slice(2, 4)).toEqual(['compare with model on 200', 'embed 3']);
    expect(reporter.lines).toEqual([
      expect.stringMatching(/^lower against model on 40 figures: .* 99\.0 % of the ten/),
    ]);
  });

  it('refuses a lower precision that answers otherwise than fp32, unless it is forced', async () => {
    corpus.comparison = { ...alike, overlap: 0.9 };
    const registry = registryOf(lower('int8'), dualEncoderManifest('model'));
    await expect(use('lower', registry)).rejects.toMatchObject({
      code: 'MODEL_UNAVAILABLE',
      message: expect.stringMatching(/not made active.*90\.0 %.*expected 97 %; use model, or say --force/),
    });
    expect(corpus.log).not.toContain('activate');
    expect(await use('lower', registry, true)).toMatchObject({ embedded: 3 });
  });

  it('tells that few figures were not compared', async () => {
    corpus.comparison = null;
    await use('lower', registryOf(lower('fp16'), dualEncoderManifest('model')));
    expect(reporter.lines).toEqual(['Not compared with model: the corpus has fewer than 30 figures']);
  });

  it('refuses int8 and fp16 without an fp32 package, and only tells of 16-bit weights', async () => {
    for (const precision of ['fp16', 'int8'] as const) {
      await expect(use('lower', registryOf(lower(precision)))).rejects.toThrow(/no fp32 package .*: pull or import/);
    }
    expect(await use('lower', registryOf(lower('fp16-weights')))).toMatchObject({ embedded: 3 });
    expect(reporter.lines).toEqual([expect.stringMatching(/^lower is fp16-weights, and no fp32 package/)]);
  });
});
