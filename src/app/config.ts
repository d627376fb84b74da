import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { defaultIndexesFolder, defaultModelsFolder } from './default-folders.js';
import { decodeText } from '../domain/decode-text.js';
import { FigseekError, messageOf } from '../domain/errors.js';

/** The folder that holds package.json, models and web: two levels above the compiled `dist/src`. */
export const packageRoot = path.resolve(import.meta.dirname, '../../..');

const wholeNumber = (minimum: number, maximum: number) => {
  const error = `expected a whole number from ${minimum} to ${maximum}`;
  return z.coerce.number({ error }).int({ error }).min(minimum, { error }).max(maximum, { error });
};

const defaultHub = 'https://huggingface.co';

/** Where something is fetched from. @param host for the message */
const webAddress = (host: string) => {
  const error = `expected an address as ${host}, without user, password and query`;
  return z
    .string()
    .refine(isWebAddress, { error })
    .transform((url) => url.replace(/\/+$/, ''));
};

const providerNames = ['cuda', 'tensorrt', 'webgpu', 'coreml', 'dml', 'cpu'] as const;

/** In order of preference: what the system may have, then the CPU. TensorRT compiles for minutes and is left to who names it. */
function defaultProviders(): (typeof providerNames)[number][] {
  if (process.platform === 'darwin') return ['coreml', 'webgpu', 'cpu'];
  return process.platform === 'win32' ? ['cuda', 'dml', 'webgpu', 'cpu'] : ['cuda', 'webgpu', 'cpu'];
}

const schema = z.strictObject({
  data: z.string().min(1).default('data'),
  indexes: z.string().min(1).optional(),
  models: z.string().min(1).optional(),
  model: z.string().min(1).optional(),
  host: z.string().min(1).default('127.0.0.1'),
  allowedHosts: z
    .string()
    .transform((list) => list.split(',').map((name) => name.trim().toLowerCase()))
    .pipe(
      z.array(
        z.string().regex(/^\.?[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/, {
          error: 'expected names of hosts without port, as figseek.example.org or .example.org for all names under it',
        }),
      ),
    )
    .default([]),
  port: wholeNumber(0, 65_535).default(3000),
  providers: z
    .string()
    .transform((list) => list.split(',').map((name) => name.trim()))
    .pipe(z.array(z.enum(providerNames)).min(1))
    .default(defaultProviders()),
  gpuDevices: z
    .string()
    .transform((list) => list.split(',').map((number) => number.trim()))
    .pipe(z.array(z.string().regex(/^\d{1,3}$/, { error: 'expected numbers of GPUs, as 0 or 0,1' })).min(1))
    .transform((numbers) => [...new Set(numbers.map(Number))])
    .default([0]),
  gpuMemoryMb: wholeNumber(0, 10_000_000).default(0),
  vectors: z.enum(['hnsw', 'hnsw-i8', 'exact']).default('hnsw'),
  imageProcesses: wholeNumber(0, 64).default(0),
  inferenceThreads: wholeNumber(0, 256).default(0),
  inferenceBatch: wholeNumber(0, 256).default(0),
  inferenceTimeoutMs: wholeNumber(100, 3_600_000).default(60_000),
  inferenceQueue: wholeNumber(1, 100_000).default(1024),
  segmenter: z.string().min(1).optional(),
  panelDetector: z.string().min(1).optional(),
  segmenterTimeoutMs: wholeNumber(100, 3_600_000).default(300_000),
  segmenterCacheBytes: wholeNumber(1, 1_099_511_627_776).default(1_073_741_824),
  maxUploadBytes: wholeNumber(1024, 1_073_741_824).default(33_554_432),
  maxPixels: wholeNumber(1, 1_000_000_000).default(100_000_000),
  maxBodyBytes: wholeNumber(1024, 268_435_456).default(1_048_576),
  maxQueryDepth: wholeNumber(1, 50).default(12),
  maxQueryAliases: wholeNumber(1, 1000).default(30),
  maxQueryTokens: wholeNumber(100, 100_000).default(3000),
  maxQueryCost: wholeNumber(100, 10_000_000).default(30_000),
  requestTimeoutMs: wholeNumber(1000, 3_600_000).default(60_000),
  maxFirst: wholeNumber(1, 1000).default(200),
  ingestRoots: z
    .string()
    .transform((list) => list.split(path.delimiter).map((folder) => folder.trim()))
    .pipe(
      z.array(
        z.string().refine((folder) => path.isAbsolute(folder), {
          error: `expected absolute paths of folders, with “${path.delimiter}” between them`,
        }),
      ),
    )
    .default([]),
  maxIngestUploadBytes: wholeNumber(0, 1_099_511_627_776).default(8_589_934_592),
  uploadTtlSeconds: wholeNumber(1, 604_800).default(3600),
  samples: z.enum(['auto', 'always', 'never']).default('auto'),
  synonyms: z.string().min(1).optional(),
  hubUrl: webAddress('https://hub.example').default(defaultHub),
  hubToken: z
    .string()
    .regex(/^[\x21-\x7e]+$/, { error: 'expected a token of printable characters' })
    .optional(),
  pmcUrl: webAddress('https://mirror.example/pmc').default('https://pmc-oa-opendata.s3.amazonaws.com'),
  europepmcUrl: webAddress('https://search.example/rest').default('https://www.ebi.ac.uk/europepmc/webservices/rest'),
  pmcRequestsPerSecond: wholeNumber(1, 1000).default(3),
  pmcTimeoutMs: wholeNumber(100, 600_000).default(30_000),
});

/** Everything a person can set, parsed once and frozen; all paths absolute. */
export type Config = Readonly<
  Omit<
    z.infer<typeof schema>,
    'indexes' | 'models' | 'model' | 'segmenter' | 'panelDetector' | 'synonyms' | 'hubToken'
  > & {
    indexes: string;
    /** The user's model packages; those that ship are found as well. */
    models: string;
    /** Whether a person named `models`, which are else a default. */
    isModelsNamed: boolean;
    /** A package name that wins over the one made active by `figseek models use`. */
    model: string | null;
    /** The segmenter of the server; null for the only one there is, the starter aside. */
    segmenter: string | null;
    /** A package name that wins over the panel detector that `figseek models use` chose. */
    panelDetector: string | null;
    /** A file with synonyms beside those of figseek. */
    synonyms: string | null;
    /** A secret: see `printable`. */
    hubToken: string | null;
  }
>;

/**
 * Reads `figseek.config.json` of the working directory, then `FIGSEEK_*` variables, then `overrides` (command line).
 * @throws {FigseekError} BAD_USER_INPUT listing every wrong or unknown key in one message
 */
export function loadConfig(
  overrides: Readonly<Record<string, string | number | undefined>> = {},
  env: NodeJS.ProcessEnv = process.env,
  workingDirectory = process.cwd(),
): Config {
  const given = { ...readFileKeys(workingDirectory), ...readEnvironment(env), ...definedOnly(overrides) };
  const parsed = schema.safeParse(given);
  if (!parsed.success) {
    const lines = parsed.error.issues.map(describeIssue);
    const keys = lines.length === 1 ? '1 wrong key' : `${lines.length} wrong keys`;
    throw new FigseekError('BAD_USER_INPUT', `The configuration has ${keys}:\n${lines.join('\n')}`);
  }
  const value = parsed.data;
  const absolute = (file: string): string => path.resolve(workingDirectory, file);
  const data = absolute(value.data);
  return Object.freeze({
    ...value,
    data,
    // What a person named is theirs: no samples among their figures.
    samples: value.samples === 'auto' && 'data' in given ? 'never' : value.samples,
    indexes: value.indexes === undefined ? defaultIndexesFolder(packageRoot, data) : absolute(value.indexes),
    models: value.models === undefined ? defaultModelsFolder(packageRoot, data) : absolute(value.models),
    isModelsNamed: value.models !== undefined,
    model: value.model ?? null,
    segmenter: value.segmenter ?? null,
    panelDetector: value.panelDetector ?? null,
    synonyms: value.synonyms === undefined ? null : absolute(value.synonyms),
    hubToken: value.hubToken ?? commonToken(value.hubUrl, env),
  });
}

function isWebAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, search, hash } = new URL(text);
  return /^https?:$/.test(protocol) && [username, password, search, hash].every((part) => part === '');
}

/** The token that other programs use is for the one hub; a mirror is another party and gets only FIGSEEK_HUB_TOKEN. */
function commonToken(hubUrl: string, env: NodeJS.ProcessEnv): string | null {
  const token = env['HF_TOKEN']?.trim() ?? '';
  return token === '' || hubUrl !== defaultHub ? null : token;
}

/** What a person can set, with its secrets masked: the only form that is printed. */
export function printable({ isModelsNamed: _named, ...config }: Config): Readonly<Record<string, unknown>> {
  return { ...config, hubToken: config.hubToken === null ? null : '(set, not shown)' };
}

/** The name under which a key stands in the environment: `maxUploadBytes` → `FIGSEEK_MAX_UPLOAD_BYTES`. */
function environmentName(key: string): string {
  return `FIGSEEK_${key.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}

// For tests and comparisons alone: where the golden data and test figures lie; to put the compiled addon aside; to
// check a model of full size.
const notConfiguration = new Set(['FIGSEEK_SHARED', 'FIGSEEK_NATIVE', 'FIGSEEK_FULL_SIZE']);

function readEnvironment(env: NodeJS.ProcessEnv): Record<string, string> {
  const keyByName = new Map(Object.keys(schema.shape).map((key) => [environmentName(key), key]));
  const values: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (!name.startsWith('FIGSEEK_') || notConfiguration.has(name) || value === undefined || value === '') continue;
    values[keyByName.get(name) ?? name] = value;
  }
  return values;
}

function readFileKeys(workingDirectory: string): Record<string, unknown> {
  const file = path.join(workingDirectory, 'figseek.config.json');
  if (!existsSync(file)) return {};
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(decodeText(readFileSync(file))));
  } catch (cause) {
    throw new FigseekError('BAD_USER_INPUT', `figseek.config.json must be one JSON object: ${messageOf(cause)}`);
  }
}

function definedOnly(overrides: Readonly<Record<string, string | number | undefined>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(overrides).filter(([, value]) => value !== undefined));
}

function describeIssue(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') {
    const known = Object.keys(schema.shape).map(environmentName).join(', ');
    return `- ${issue.keys.join(', ')}: unknown; expected one of ${known}`;
  }
  const key = String(issue.path[0] ?? '');
  return `- ${key} (${environmentName(key)}): ${issue.message}`;
}
