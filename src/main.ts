import 'reflect-metadata';
import { loadConfig } from './app/config.js';
import { handleFatalError } from './cli/exit.js';
import { promptForModelDownload } from './cli/offer-pull.js';
import { serve } from './app/serve.js';

try {
  const config = loadConfig();
  await promptForModelDownload(config);
  await serve(config);
} catch (error) {
  handleFatalError(error);
}
