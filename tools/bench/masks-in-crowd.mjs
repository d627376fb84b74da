// 200 questions for masks at once, over 20 figures and 5 prompts, while the server is searched; then once more with other
// prompts, and the segmenter's process killed by -9 in the middle.
// node tools/bench/masks-in-crowd.mjs [--seconds 30]     seconds: of the idle machine
import { spawnSync } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { idle, withServer } from './watched-server.mjs';

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '30' } } });
const rounds = [
  { kills: 0, prompts: ['lung', 'liver', 'optic disc', 'skin lesion', 'nuclei'] },
  { kills: 3, prompts: ['spleen', 'brain', 'heart', 'bone', 'retina'] },
];
const maskQuery = `query ($id: ID!, $prompt: String!) { figure(id: $id) { mask(prompt: $prompt, waitMs: 300000) {
  id status error areaPixels rle } } }`;

/** The process that has the segmenter: the child of the server that was started last. */
function killSegmenter({ pid }, before) {
  const { stdout } = spawnSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' });
  const started = stdout.trim().split('\n').map(Number);
  const segmenter = started.find((child) => !before.includes(child));
  if (segmenter !== undefined) process.kill(segmenter, 'SIGKILL');
  return segmenter !== undefined;
}

const runs = async (server) => (await server.ask('{ stats { masks } }')).stats.masks;

await withServer({ port: 3978 }, async (server) => {
  const { figures } = await server.ask('{ figures(first: 20) { nodes { id } } }');
  const alone = await idle(server, Number(values.seconds));
  const before = spawnSync('pgrep', ['-P', String(server.pid)], { encoding: 'utf8' })
    .stdout.trim()
    .split('\n')
    .map(Number);
  for (const { kills, prompts } of rounds) {
    const questions = figures.nodes.flatMap(({ id }) => prompts.map((prompt) => ({ id, prompt })));
    const drawn = await runs(server);
    await server.eventLoop();
    const startedAt = performance.now();
    let ended = false;
    const all = Promise.all([...questions, ...questions].map((question) => server.ask(maskQuery, question)));
    void all.finally(() => (ended = true));
    let killed = 0;
    const killing = (async () => {
      while (killed < kills && !ended) {
        await delay(2000);
        if (killSegmenter(server, before)) killed += 1;
      }
    })();
    const beside = await server.searches(() => ended);
    await killing;
    const masks = (await all).map(({ figure }) => figure.mask);
    const seconds = Math.round((performance.now() - startedAt) / 100) / 10;
    const again = await Promise.all(questions.map((question) => server.ask(maskQuery, question)));
    const isSame = (mask, i) => JSON.stringify(mask) === JSON.stringify(again[i % questions.length].figure.mask);
    const ready = masks.filter(({ status }) => status === 'READY');
    console.log(
      JSON.stringify({
        bench: 'masks in a crowd',
        questions: masks.length,
        killed,
        ready: ready.length,
        failed: masks.filter(({ status }) => status === 'FAILED').length,
        reasons: [...new Set(masks.flatMap(({ error }) => error ?? []))],
        drawn: (await runs(server)) - drawn,
        sameWhenAskedAgain: masks.filter((mask, i) => mask.status === 'READY' && isSame(mask, i)).length,
        seconds,
        idle: alone,
        beside: { ...beside, eventLoopMs: await server.eventLoop() },
        ratioOfP95: Math.round((beside.p95 / alone.p95) * 100) / 100,
      }),
    );
  }
});
