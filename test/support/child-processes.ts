import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

export interface ChildProcess {
  readonly pid: number;
  /** Its arguments, with spaces between them. */
  readonly command: string;
}

/** The processes that a process started, as the system tells; by `ps` only where there is no /proc. */
export function childProcessesOf(parent: number): readonly ChildProcess[] {
  return allProcesses().filter((one) => one.parent === parent);
}

type Process = ChildProcess & { readonly parent: number };

function allProcesses(): readonly Process[] {
  if (process.platform !== 'linux') return listedByPs();
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readProcess(Number(name)));
}

function readProcess(pid: number): readonly Process[] {
  try {
    // The name of the program stands in parentheses and may hold any character; state and parent follow it.
    const [, parent = ''] = /\) \S (\d+) [^)]*$/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
    return [{ pid, parent: Number(parent), command }];
  } catch {
    // It ended meanwhile.
    return [];
  }
}

function listedByPs(): readonly Process[] {
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' });
  return stdout.split('\n').flatMap((line) => {
    const [, pid, parent, command = ''] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return pid === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), command }];
  });
}
