import 'reflect-metadata';
import { loadConfig } from './app/config.js';
import { handleFatalError } from './cli/exit.js';
import { promptForModelDownload } from './cli/prompt-for-download.js';
import { serve } from './app/serve.js';

try {
  const config = loadConfig();
  await promptForModelDownload(config);
  await serve(config);
} catch (error) {
  handleFatalError(error);
}
