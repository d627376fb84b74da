import { Command } from 'commander';
import { loadConfig } from '../app/config.js';
import { promptForModelDownload } from './prompt-for-download.js';

export function serveCommand(): Command {
  return new Command('serve')
    .description('serves GraphQL at /graphql and the page at /')
    .option('--port <port>', 'port to listen on (default 3000)')
    .option('--host <host>', 'address to bind to (default 127.0.0.1)')
    .action(async (_options, command: Command) => {
      const { data, port, host } = command.optsWithGlobals<{ data?: string; port?: string; host?: string }>();
      const config = loadConfig({ data, port, host });
      await promptForModelDownload(config);
      // Loaded here: the other commands start in half the time without GraphQL and HTTP.
      const { serve } = await import('../app/serve.js');
      await serve(config);
    });
}
