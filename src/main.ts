import 'reflect-metadata';
import { loadConfig } from './app/config.js';
import { reportFailure } from './cli/exit.js';
import { offerPull } from './cli/offer-pull.js';
import { serve } from './app/serve.js';

try {
  const config = loadConfig();
  await offerPull(config);
  await serve(config);
} catch (error) {
  reportFailure(error);
}
