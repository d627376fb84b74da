import { expect, it } from '@jest/globals';
import { dualEncoderManifest, registryOf, segmenterManifest } from '../../test/support/package-manifests.js';
import { FirstModelOffer } from './first-model-offer.js';

it('is due to who has nothing but the starter, until it is refused', async () => {
  const offer = new FirstModelOffer(registryOf(dualEncoderManifest('starter'), segmenterManifest('masks')), null);
  expect(await offer.isDue()).toBe(true);
  await offer.refuse();
  expect(await offer.isDue()).toBe(false);
});

it('is not due to who has a model or configured one', async () => {
  expect(await new FirstModelOffer(registryOf(dualEncoderManifest('mine')), null).isDue()).toBe(false);
  expect(await new FirstModelOffer(registryOf(), 'mine').isDue()).toBe(false);
});
