import { hostname } from 'node:os';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { MemorySettingsStore } from '../../test/support/memory-settings-store.js';
import { dualEncoderManifest, registryOf } from '../../test/support/package-manifests.js';
import { ModelRegistry } from '../model-packages/package-registry.js';
import { ForgetModel, type ForgottenVersion } from './forget-model.js';
import { localOperator } from '../domain/viewer.js';

const [served, other, gone, alsoGone] = ['1', '2', '3', '4'].map((digit) => digit.repeat(64)) as [
  string,
  string,
  string,
  string,
];

/** Ten vectors of each version. */
class FakeVectors {
  /** Versions whose classes were forgotten. */
  readonly unclassified: string[] = [];
  readonly indexed = new Set([served, other, gone, alsoGone]);
  private readonly embedded = new Set(this.indexed);

  spaces(): Promise<readonly string[]> {
    return Promise.resolve([...this.embedded]);
  }

  deleteSpace(space: string): Promise<number> {
    return Promise.resolve(this.embedded.delete(space) ? 10 : 0);
  }

  readonly deleteIndexes = (space: string): Promise<void> => {
    this.indexed.delete(space);
    return Promise.resolve();
  };

  forgetSpace(space: string): Promise<void> {
    this.unclassified.push(space);
    return Promise.resolve();
  }
}

describe('forgetting models', () => {
  const registry = registryOf(
    dualEncoderManifest('starter', { version: served }),
    dualEncoderManifest('other', { version: other }),
  );
  let settings: MemorySettingsStore;
  let vectors: FakeVectors;

  beforeEach(() => {
    settings = new MemorySettingsStore();
    vectors = new FakeVectors();
  });

  function forget(configured: string | null = null, packages = registry): ForgetModel {
    const models = { active: configured, isFolderNamed: false };
    const stores = {
      registry: packages,
      settings,
      embeddings: vectors,
      classes: vectors,
      deleteIndexes: vectors.deleteIndexes,
    };
    return new ForgetModel(stores, models, (command) => `figseek ${command}`);
  }

  async function unused(configured: string | null = null, packages = registry): Promise<readonly ForgottenVersion[]> {
    const forgotten: ForgottenVersion[] = [];
    for await (const one of forget(configured, packages).runUnused(localOperator)) forgotten.push(one);
    return forgotten;
  }

  it('deletes the vectors and indexes of a package that is not active', async () => {
    expect(await forget().run(localOperator, 'other')).toEqual({ version: other, vectors: 10 });
    expect(await vectors.spaces()).toEqual([served, gone, alsoGone]);
    expect(vectors.indexed.has(other)).toBe(false);
    expect(await forget().run(localOperator, 'other')).toEqual({ version: other, vectors: 0 });
  });

  it('refuses the package that was chosen, and the one that the configuration names', async () => {
    await expect(forget().run(localOperator, 'starter')).rejects.toMatchObject({
      code: 'CONFLICT',
      message: 'starter was not forgotten: starter is active; “figseek models use NAME” takes another one first',
    });
    await settings.set('active_model', 'other');
    await expect(forget().run(localOperator, 'other')).rejects.toMatchObject({ code: 'CONFLICT' });
    await expect(forget('starter').run(localOperator, 'starter')).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(await forget().run(localOperator, 'starter')).toMatchObject({ vectors: 10 });
  });

  it('leaves what a running process needs, and not what a dead one needed', async () => {
    const lease = { version: other, host: hostname(), at: Date.now() };
    await settings.renewLease('server', { ...lease, pid: process.pid });
    await expect(forget().run(localOperator, 'other')).rejects.toThrow(
      /a running server or “models use” needs its vectors/,
    );
    await settings.renewLease('server', { ...lease, pid: 2 ** 22 + 1 });
    expect(await forget().run(localOperator, 'other')).toMatchObject({ vectors: 10 });
  });

  it('says for an unknown package how to forget what is of none', async () => {
    await expect(forget().run(localOperator, 'absent')).rejects.toMatchObject({
      code: 'MODEL_UNAVAILABLE',
      message: expect.stringContaining('“figseek models forget --unused” forgets what is of no package'),
    });
  });

  it('deletes what is of no package, apart from what is leased', async () => {
    await settings.renewLease('far', { version: gone, host: 'elsewhere', pid: 1, at: Date.now() });
    expect(await unused()).toEqual([{ version: alsoGone, vectors: 10 }]);
    expect(await vectors.spaces()).toEqual([served, other, gone]);
    expect(vectors.indexed).toEqual(new Set([served, other, gone]));
    expect(vectors.unclassified).toEqual([alsoGone]);
  });

  it('is not deceived by a package that ships where the folder of packages was named by mistake', async () => {
    const wrong = new ModelRegistry('/nowhere', registry.modelsDir);
    const models = { active: null, isFolderNamed: true };
    const stores = {
      registry: wrong,
      settings,
      embeddings: vectors,
      classes: vectors,
      deleteIndexes: vectors.deleteIndexes,
    };
    const forgetting = new ForgetModel(stores, models, (command) => command).runUnused(localOperator);
    await expect(forgetting.next()).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('/nowhere holds no package (is FIGSEEK_MODELS the folder of your packages?'),
    });
    expect(await vectors.spaces()).toHaveLength(4);
    const usual: string[] = [];
    for await (const { version } of forget(null, wrong).runUnused(localOperator)) usual.push(version);
    expect(usual).toEqual([other, gone, alsoGone]);
  });

  it('takes a named folder for the right one by its own package where the active package ships', async () => {
    const models = { active: null, isFolderNamed: true };
    const mine = registryOf(dualEncoderManifest('mine', { version: other }));
    const stores = {
      registry: new ModelRegistry(mine.modelsDir, registry.modelsDir),
      settings,
      embeddings: vectors,
      classes: vectors,
      deleteIndexes: vectors.deleteIndexes,
    };
    const forgotten: string[] = [];
    for await (const { version } of new ForgetModel(stores, models, (command) => command).runUnused(localOperator)) {
      forgotten.push(version);
    }
    expect(forgotten).toEqual([gone, alsoGone]);
    const lacking = new ForgetModel(stores, { ...models, active: 'absent' }, (command) => command);
    await expect(lacking.runUnused(localOperator).next()).rejects.toThrow(/lacks absent, which is active/);
  });

  it('deletes nothing where the active package is not in the folder of packages', async () => {
    for (const [configured, packages] of [['absent', registry] as const, [null, registryOf()] as const]) {
      await expect(unused(configured, packages)).rejects.toMatchObject({
        code: 'CONFLICT',
        message: expect.stringContaining('Nothing was forgotten'),
      });
    }
    expect(await vectors.spaces()).toHaveLength(4);
  });
});
