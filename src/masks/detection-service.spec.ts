import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { drawnFigure } from '../../test/support/drawn-figures.js';
import { detectedObject, detectionRecord } from '../../test/support/drawn-masks.js';
import { settled } from '../../test/support/fake-mask-generator.js';
import { MemoryDetectionStore } from '../../test/support/memory-detection-store.js';
import type { DetectedObject, DetectionRecord } from '../domain/detection.js';
import { FigseekError } from '../domain/errors.js';
import type { DetectionGenerator, DetectionRequest, GeneratedDetection } from './detection-generator.js';
import { DetectionService } from './detection-service.js';
import { MaskScheduler } from './scheduling/mask-scheduler.js';

const { figure, panels } = drawnFigure(1);
const objects = [detectedObject('liver', 0.5), detectedObject('spleen', 0.2)];

/** Detects objects when a test calls `finish`. */
class FakeDetectionGenerator implements Pick<DetectionGenerator, 'keyFor' | 'generate'> {
  /** The image types that were generated, in their order. */
  readonly generated: string[] = [];
  private end: ((result: readonly DetectedObject[] | Error) => void) | null = null;

  keyFor({ imageType }: DetectionRequest): Promise<DetectionRecord> {
    return Promise.resolve(detectionRecord(imageType));
  }

  async generate(record: DetectionRecord, waitForTurn: () => Promise<void>): Promise<GeneratedDetection> {
    await waitForTurn();
    this.generated.push(record.key.imageType);
    const result = await new Promise<readonly DetectedObject[] | Error>((resolve) => (this.end = resolve));
    if (result instanceof Error) throw result;
    return { record, objects: result };
  }

  /** @param result an error fails the detection */
  async finish(result: readonly DetectedObject[] | Error = objects): Promise<void> {
    if (this.end === null) throw new Error('Expected a detection at the model');
    this.end(result);
    await settled();
  }
}

describe('the detection of objects', () => {
  let generator: FakeDetectionGenerator;
  let store: MemoryDetectionStore;
  let service: DetectionService;

  beforeEach(() => {
    generator = new FakeDetectionGenerator();
    store = new MemoryDetectionStore();
    service = new DetectionService(generator, store, new MaskScheduler());
  });

  afterEach(() => {
    jest.restoreAllMocks();
  });

  function request(waitMs = 60_000, signal?: AbortSignal) {
    const [panel] = panels;
    if (panel === undefined) throw new Error('Expected a figure with a panel');
    const requested = service.request({ panel, figure, imageType: 'CT-Abdomen', minPValue: 0.05 }, waitMs, signal);
    requested.catch(() => undefined);
    return requested;
  }

  it('is done once for all equal requests, and its result is stored', async () => {
    const requests = [request(), request()];
    await settled();
    await generator.finish();
    const [one, other] = await Promise.all(requests);
    expect(one).toMatchObject({
      imageType: 'CT-Abdomen',
      outcome: { status: 'READY', masks: [{ prompt: 'liver' }, { prompt: 'spleen' }] },
    });
    expect(other).toEqual(one);
    expect(await request()).toEqual(one);
    expect(await store.byHash(detectionRecord('CT-Abdomen').hash)).toEqual(one);
    expect(generator.generated).toEqual(['CT-Abdomen']);
  });

  it('is pending for a client that does not wait, and goes on', async () => {
    expect(await request(0)).toEqual({ imageType: 'CT-Abdomen', outcome: null });
    await settled();
    await generator.finish([]);
    expect(await request(0)).toEqual({ imageType: 'CT-Abdomen', outcome: { status: 'READY', masks: [] } });
  });

  it('goes on for others after a client that disconnected', async () => {
    const client = new AbortController();
    const [disconnected, other] = [request(60_000, client.signal), request()];
    await settled();
    client.abort(new Error('disconnected'));
    await expect(disconnected).rejects.toThrow('disconnected');
    await generator.finish();
    expect(await other).toMatchObject({ outcome: { status: 'READY' } });
  });

  it('does not begin for a client that is gone already', async () => {
    await expect(request(0, AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
    await settled();
    expect(generator.generated).toEqual([]);
  });

  it('stores a failure, and is tried again after a minute', async () => {
    const failed = request();
    await settled();
    await generator.finish(new FigseekError('UNSUPPORTED_MEDIA', 'too large'));
    expect(await failed).toMatchObject({ outcome: { status: 'FAILED', error: 'too large' } });
    expect(await request()).toEqual(await failed);
    expect(generator.generated).toHaveLength(1);
    const now = Date.now();
    jest.spyOn(Date, 'now').mockReturnValue(now + 60_001);
    const retried = request();
    await settled();
    await generator.finish();
    expect(await retried).toMatchObject({ outcome: { status: 'READY' } });
    expect(generator.generated).toHaveLength(2);
  });

  it('refuses a wrong request, and stores nothing', async () => {
    const refused = request();
    await settled();
    await generator.finish(new FigseekError('BAD_USER_INPUT', 'too many tokens'));
    await expect(refused).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    expect(await store.byHash(detectionRecord('CT-Abdomen').hash)).toBeUndefined();
  });

  it('fails with the end of the server, and stores nothing', async () => {
    const interrupted = request();
    await settled();
    const closed = service.close();
    await generator.finish(new Error('the process was ended'));
    await closed;
    await expect(interrupted).rejects.toMatchObject({ code: 'MODEL_UNAVAILABLE' });
    await expect(request()).rejects.toMatchObject({ code: 'MODEL_UNAVAILABLE' });
    expect(await store.byHash(detectionRecord('CT-Abdomen').hash)).toBeUndefined();
  });
});
