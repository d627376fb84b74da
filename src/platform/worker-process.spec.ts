import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { getPriority, setPriority } from 'node:os';
import { describe, expect, it } from '@jest/globals';
import { stepBack } from './worker-process.js';

/** What a child's priority is after it had one and stepped back. */
async function priorityAfter(own: number, niceness: number): Promise<number> {
  const child: ChildProcess = spawn(process.execPath, ['--eval', 'setTimeout(() => {}, 60_000)']);
  await once(child, 'spawn');
  try {
    setPriority(child.pid ?? 0, own);
    stepBack(child, niceness);
    return getPriority(child.pid ?? 0);
  } finally {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
}

describe('a child that lets others go first', () => {
  const base = getPriority();

  it('has a lower priority, and never a higher one than it had', async () => {
    expect(await priorityAfter(base, Math.min(19, base + 5))).toBe(Math.min(19, base + 5));
    expect(await priorityAfter(19, 10)).toBe(19);
  });

  it('may have ended already', async () => {
    const child = spawn(process.execPath, ['--version']);
    await once(child, 'exit');
    expect(() => {
      stepBack(child, 10);
    }).not.toThrow();
  });
});
