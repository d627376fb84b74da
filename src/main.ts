import 'reflect-metadata';
import { loadConfig } from './config/config.js';
import { reportFailure } from './cli/exit.js';
import { serve } from './serve.js';

try {
  await serve(loadConfig());
} catch (error) {
  reportFailure(error);
}
