/** Takes the lock of a pull and holds it for a moment. argv: the folder of downloads. Prints whether it was alone with it. */
import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../../src/domain/errors.js';
import { withProcessLock } from '../../src/platform/file-lock.js';

const [, , downloads = ''] = process.argv;
const alone = path.join(downloads, 'alone');
try {
  await withProcessLock(downloads, 'model', async () => {
    await writeFile(alone, '', { flag: 'wx' });
    await sleep(50);
    await rm(alone);
  });
  process.stdout.write('held');
} catch (error) {
  process.stdout.write(messageOf(error));
}
