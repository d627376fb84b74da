import { readdir, readFile } from 'node:fs/promises';

/** Memory in megabytes and processor time of this process and its children; of the children only where the system tells. */
export async function costsOfProcesses() {
  const { user, system } = process.cpuUsage();
  const own = { cpuMs: (user + system) / 1000, rssMb: Math.round(process.memoryUsage.rss() / 2 ** 20) };
  const children = await childrenOf(process.pid).catch(() => null);
  if (children === null) return own;
  const costs = await Promise.all(children.map(costsOf));
  return {
    cpuMs: costs.reduce((sum, { cpuMs }) => sum + cpuMs, own.cpuMs),
    rssMb: own.rssMb,
    childrenRssMb: costs.reduce((sum, { rssMb }) => sum + rssMb, 0),
  };
}

async function childrenOf(pid: number): Promise<readonly string[]> {
  const tasks = await readdir(`/proc/${pid}/task`);
  const lists = await Promise.all(
    tasks.map((task) => readFile(`/proc/${pid}/task/${task}/children`, 'utf8').catch(() => '')),
  );
  return lists.join(' ').split(' ').filter(Boolean);
}

/** proc(5): the 14th and 15th field of `stat` are hundredths of a second, in user and in system mode. */
async function costsOf(pid: string): Promise<{ readonly cpuMs: number; readonly rssMb: number }> {
  const read = (name: string): Promise<string> => readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '');
  const [status, stat] = await Promise.all([read('status'), read('stat')]);
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return {
    cpuMs: 10 * (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)),
    rssMb: Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024),
  };
}
