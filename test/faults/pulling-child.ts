/** Fetches one file in small segments, to be killed at any moment. argv: address of the hub, target, bytes of a segment. */
import { downloadFile } from '../../src/model-hub/file-download.js';
import { HubClient } from '../../src/model-hub/hub-client.js';
import { describeFile, readSnapshot } from '../../src/model-hub/repository.js';

const [, , url = '', target = '', minSegmentBytes = '0'] = process.argv;
const client = new HubClient({ url, token: null, stallMs: 5000 });
const snapshot = await readSnapshot(client, 'owner/model');
const file = await describeFile(client, snapshot, 'weights.bin');
await downloadFile(client, file, target, {
  part: { connections: 3, minSegmentBytes: Number(minSegmentBytes), savedEvery: 20_000 },
  policy: { attempts: 6, firstDelayMs: 5, maxDelayMs: 20 },
  note: () => undefined,
  onProgress: (received) => process.stdout.write(`${received}\n`),
});
await client.close();
process.stdout.write('done\n');
