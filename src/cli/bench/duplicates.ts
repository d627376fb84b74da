import { Command } from 'commander';
import { measureDuplicates } from '../../app/benchmarks.js';
import { duplicatesHeadings, formatDuplicates } from '../format-duplicates-bench.js';
import { wholeNumber, wholeNumberFromZero } from '../number-options.js';
import { printJson, printLine } from '../output.js';

interface Options {
  readonly limit?: number;
  readonly copies: number;
  readonly changes?: readonly string[];
  readonly groups: boolean;
  readonly json?: boolean;
}

export function benchDuplicatesCommand(): Command {
  return new Command('duplicates')
    .description('which share of changed copies of pictures is found, and which pictures are taken for the same')
    .argument('<source>', 'a folder of images, or a JSON-lines file of records')
    .option('--limit <n>', 'read at most so many pictures', wholeNumber)
    .option(
      '--copies <n>',
      'how many pictures are copied with each change, spread over all; 0: none',
      wholeNumberFromZero,
      100,
    )
    .option('--changes <names>', 'only these changes, with commas', (text: string) => text.split(','))
    .option('--no-groups', 'do not compare all pictures with each other')
    .option('--json', 'print one JSON document a line')
    .action(async (source: string, _options, self: Command) => {
      const { limit = null, copies, changes: edits = null, groups, json } = self.optsWithGlobals<Options>();
      let isFirstEdit = true;
      for await (const one of measureDuplicates({ source, limit, copies, edits, groups })) {
        if (json === true) printJson(one);
        else {
          if (one.measure === 'copies' && isFirstEdit) printLine(duplicatesHeadings);
          isFirstEdit &&= one.measure !== 'copies';
          printLine(formatDuplicates(one));
        }
      }
    });
}
