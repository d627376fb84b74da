import { createInterface } from 'node:readline/promises';

/** Is there a person who can be asked? */
export function canAsk(): boolean {
  return process.stdin.isTTY && process.stdout.isTTY && (process.env['CI'] ?? '') === '';
}

/** Asks a question that is answered by y or n; anything but y is a no. The question goes to standard error. */
export async function askYesNo(question: string): Promise<boolean> {
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  try {
    // While a line is read the terminal hands over Ctrl-C as a character: it must still end the process.
    prompt.once('SIGINT', () => {
      prompt.close();
      process.kill(process.pid, 'SIGINT');
    });
    // Ctrl-D ends the input without an answer.
    const closed = new Promise<string>((resolve) => prompt.once('close', () => resolve('')));
    const answer = await Promise.race([prompt.question(`${question} (y/N) `), closed]);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    prompt.close();
  }
}
