import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { dualEncoderManifest, registryOf } from '../../test/support/package-manifests.js';
import { RecordingReporter } from '../../test/support/recording-reporter.js';
import { PullModel, pullableNames, type PullListener } from './pull-model.js';
import { localOperator } from '../domain/viewer.js';

const biomedClipFiles = ['open_clip_config.json', 'open_clip_model.safetensors', 'vocab.txt'];

describe('pulling a model from a folder', () => {
  let folder: string;
  let reporter: RecordingReporter;

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'carried-'));
    for (const name of biomedClipFiles) writeFileSync(path.join(folder, name), '');
    reporter = new RecordingReporter();
  });

  function listener(answer: boolean | null): PullListener & { readonly asked: string[] } {
    const asked: string[] = [];
    const ask = (question: string): Promise<boolean> => {
      asked.push(question);
      return Promise.resolve(answer === true);
    };
    return { tell: reporter.tell, track: reporter.track, ask: answer === null ? null : ask, asked };
  }

  const modelsDir = registryOf(dualEncoderManifest('taken')).modelsDir;
  // Nothing listens there: whatever reached for the hub would fail.
  const pull = new PullModel({ modelsDir, hubUrl: 'http://127.0.0.1:9', hubToken: null });

  it('tells license and intended use before it asks, and takes a no', async () => {
    const asking = listener(false);
    await expect(pull.run(localOperator, 'biomedclip', { from: folder }, asking)).rejects.toThrow(/were not accepted$/);
    expect(asking.asked).toEqual(['Do you accept the license and the intended use?']);
    expect(reporter.lines).toEqual([
      expect.stringMatching(/has no pull\.json/),
      expect.stringMatching(/^License of biomedclip: /),
      expect.any(String),
    ]);
  });

  it('says how to accept where nobody can be asked', async () => {
    const pulled = pull.run(localOperator, 'biomedclip', { from: folder }, listener(null));
    await expect(pulled).rejects.toMatchObject({ code: 'BAD_USER_INPUT', message: /say so by --accept-license$/ });
  });

  it('leaves the files where only they are wanted, with who accepted what', async () => {
    const pulled = await pull.run(localOperator, 'biomedclip', { from: folder, filesOnly: true }, listener(true));
    expect(pulled).toMatchObject({ name: 'biomedclip', manifest: null, folder });
    expect(pulled.consent.license).toBe(pulled.license);
    expect(existsSync(path.join(folder, 'vocab.txt'))).toBe(true);
  });

  it('refuses an unknown model and a name that is taken before anything is asked', async () => {
    const asking = listener(true);
    await expect(pull.run(localOperator, 'nothing', {}, asking)).rejects.toThrow(pullableNames.join(', '));
    // The last one ships with figseek, and is in no folder here.
    for (const as of ['taken', 'starter']) {
      await expect(pull.run(localOperator, 'biomedclip', { from: folder, as }, asking)).rejects.toMatchObject({
        code: 'CONFLICT',
      });
    }
    expect(asking.asked).toEqual([]);
  });
});
