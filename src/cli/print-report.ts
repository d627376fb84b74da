import { advice } from '../app/advice.js';
import type { Config } from '../app/config.js';
import type { IngestReport } from '../corpus/ingest.js';
import { exitCodes } from './exit.js';
import { ingestSummary } from './ingest-summary.js';
import { printJson, printLine } from './output.js';

/** Prints what an ingest of a source did, and sets the exit code where it rejected something. */
export function printReport(source: string, report: IngestReport, isJson: boolean, { data }: Config): void {
  const howToList = report.runId === null ? null : advice(`faults --run ${report.runId}`, data);
  if (isJson) printJson({ source, ...report });
  else for (const line of ingestSummary(source, report, howToList)) printLine(line);
  if (report.rejected > 0) process.exitCode = exitCodes.someRejected;
}
