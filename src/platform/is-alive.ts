import { systemCodeOf } from '../domain/errors.js';

/** Is there such a process, of whatever user? */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives, and is another user's.
    return systemCodeOf(error) !== 'ESRCH';
  }
}
