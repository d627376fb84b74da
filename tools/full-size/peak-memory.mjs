// Loaded by `node --import` into a process that is measured: at its end it writes its peak memory (bytes) and
// CPU time (seconds) as the last lines of standard error.
import { readFileSync } from 'node:fs';

process.on('exit', () => {
  // VmHWM, not getrusage: the latter counts what the parent held when it forked.
  const status = process.platform === 'linux' ? readFileSync('/proc/self/status', 'utf8') : '';
  const kilobytes = /^VmHWM:\s+(\d+)/m.exec(status)?.[1] ?? process.resourceUsage().maxRSS;
  const { user, system } = process.cpuUsage();
  process.stderr.write(`\npeak ${Number(kilobytes) * 1024}\ncpu ${(user + system) / 1e6}\n`);
});
