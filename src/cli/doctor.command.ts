import { Command } from 'commander';
import { loadConfig, printable, type Config } from '../app/config.js';
import { Doctor } from '../app/doctor/doctor.js';
import type { Finding } from '../app/doctor/finding.js';
import { exitCodes } from './exit.js';
import { printJson, printLine } from './output.js';

export function doctorCommand(): Command {
  return new Command('doctor')
    .description('checks what can go wrong, and names the fix')
    .option('--json', 'print one JSON document')
    .action(async (_options, command: Command) => {
      const { data, json } = command.optsWithGlobals<{ data?: string; json?: boolean }>();
      const config = loadConfig({ data });
      const findings = await new Doctor(config).run();
      if (json === true) printJson({ findings, config: printable(config) });
      else print(findings, config);
      if (findings.some(({ state }) => state === 'wrong')) process.exitCode = exitCodes.verificationFailed;
    });
}

function print(findings: readonly Finding[], config: Config): void {
  for (const { about, state, message } of findings) printLine(`${state.padEnd(5)} ${about}: ${message}`);
  printLine('configuration:');
  for (const [key, value] of Object.entries(printable(config))) printLine(`  ${key} = ${String(value)}`);
}
