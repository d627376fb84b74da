import { Command } from 'commander';
import { benchApiCommand } from './bench/api.js';
import { benchDuplicatesCommand } from './bench/duplicates.js';
import { benchEmbedCommand } from './bench/embed.js';
import { benchIngestCommand } from './bench/ingest.js';
import { benchSearchCommand } from './bench/search.js';
import { benchSegmentCommand } from './bench/segment.js';
import { benchSuggestionsCommand } from './bench/suggestions.js';

export function benchCommand(): Command {
  const command = new Command('bench').description('measured on this machine; prints JSON for comparison');
  for (const child of [
    benchEmbedCommand(),
    benchSegmentCommand(),
    benchSearchCommand(),
    benchApiCommand(),
    benchDuplicatesCommand(),
    benchSuggestionsCommand(),
    benchIngestCommand(),
  ]) {
    command.addCommand(child);
  }
  return command;
}
