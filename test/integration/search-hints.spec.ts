import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { packageRoot } from '../../src/app/config.js';
import { newPlace, run, writeCorpus } from '../support/figseek-process.js';

const execute = promisify(execFile);

describe('figseek search, where words of the query are in no figure', () => {
  const place = newPlace();
  beforeAll(async () => {
    expect((await run(place, ['ingest', await writeCorpus(20)])).code).toBe(0);
  });

  /** Runs a command line as a shell reads it. */
  async function paste(command: string): Promise<string> {
    const cli = `'${process.execPath}' '${path.join(packageRoot, 'dist/src/cli.js')}'`;
    const { stdout } = await execute('/bin/sh', ['-c', command.replace(/^npx figseek/, cli)], {
      env: { ...process.env, FIGSEEK_DATA: place.data, FIGSEEK_INDEXES: place.indexes },
    });
    return stdout;
  }

  it.each([
    [
      'figures',
      ['search', '"blood wuzzle" smear', '--first', '3', '--year-from', '1900'],
      'No figure that the filter allows holds what the query requires',
      "search 'blood wuzzle smear' --first 3 --year-from 1900",
    ],
    ['articles', ['search', '"blood wuzzle"', '--articles'], 'No figure holds', "search 'blood wuzzle' --articles"],
  ])('names the command that searches for its words alone: %s', async (_view, args, sentence, command) => {
    const { code, stdout, stderr } = await run(place, args);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'Nothing found.\n' });
    expect(stderr).toContain(sentence);
    expect(stderr.trimEnd().endsWith(`alone: npx figseek ${command}`)).toBe(true);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  it('names one that can be pasted', async () => {
    const { stderr } = await run(place, ['search', `caption:"-80 'cell' $HOME" blood smear`, '--first', '2']);
    const [, command = ''] = /alone: (.*)/.exec(stderr) ?? [];
    expect(await paste(command)).toMatch(/^1\. \S+ .*\n[^]*^2\. \S+ /m);
  });

  it('tells the words in --json, and adds nothing for a person', async () => {
    const { stdout, stderr } = await run(place, ['search', '"blood wuzzle"', '--json']);
    const answer: unknown = JSON.parse(stdout);
    expect({ answer, stderr }).toMatchObject({
      answer: { hits: [], info: { unconstrainedText: 'blood wuzzle', total: 0 } },
      stderr: '',
    });
  });

  it('asks whether a word of the corpus is meant, with the command that searches for it', async () => {
    const { stdout, stderr } = await run(place, ['search', 'blod smear', '--first', '2']);
    expect(stdout).toMatch(/^1\. /);
    expect(stderr).toBe("Did you mean “blood smear”? npx figseek search 'blood smear' --first 2\n");
    const asked = await run(place, ['search', 'blod smear', '--first', '2', '--articles', '--json']);
    expect(JSON.parse(asked.stdout)).toMatchObject({ info: { suggestedText: 'blood smear' } });
  });

  it('says nothing where a figure is found', async () => {
    const { stdout, stderr } = await run(place, ['search', 'blood -wuzzle']);
    expect(stdout).toMatch(/^1\. /);
    expect(stderr).toBe('');
  });
});
