import path from 'node:path';
import { expect, it } from '@jest/globals';
import { advice } from './advice.js';

it.each([
  [path.resolve('data'), 'npx figseek models use starter'],
  ['/srv/mine', 'npx figseek models use starter --data /srv/mine'],
  ["/srv/my figures' data", `npx figseek models use starter --data '/srv/my figures'\\'' data'`],
])('names the data folder %s where it is not the usual one, ready for a shell', (data, command) => {
  expect(advice('models use starter', data)).toBe(command);
});
