import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import ts from 'typescript';
import { packageRoot } from '../../src/app/config.js';

const toolsFolder = path.join(packageRoot, 'tools');
const compiledSources = path.join(packageRoot, 'dist/src');

/** Names that a script takes from a file of this repository, which is given by its absolute path. */
interface FileImport {
  readonly file: string;
  readonly names: readonly string[];
}

function parseFile(file: string): ts.SourceFile {
  return ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest);
}

/** @returns the names of `{ a, b as c }` as the other file exports them: `a` and `b` */
function originalNames(elements: readonly (ts.ImportSpecifier | ts.BindingElement)[]): readonly string[] {
  return elements.flatMap(({ propertyName, name }) => {
    const original = propertyName ?? name;
    return ts.isIdentifier(original) ? [original.text] : [];
  });
}

/** @returns null where the statement is no import, or imports a package */
function readStaticImport(statement: ts.Statement, folder: string): FileImport | null {
  if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) return null;
  const { text } = statement.moduleSpecifier;
  if (!text.startsWith('.')) return null;
  const { importClause } = statement;
  const bindings = importClause?.namedBindings;
  const named = bindings !== undefined && ts.isNamedImports(bindings) ? originalNames(bindings.elements) : [];
  const names = importClause?.name === undefined ? named : ['default', ...named];
  return { file: path.resolve(folder, text), names };
}

/** The imports `const { name } = await built('file.js')` of the scripts that are given the folder of the compiled sources. */
function readDynamicImports(statement: ts.Statement): readonly FileImport[] {
  if (!ts.isVariableStatement(statement)) return [];
  return statement.declarationList.declarations.flatMap(({ name, initializer }) => {
    if (!ts.isObjectBindingPattern(name) || initializer === undefined || !ts.isAwaitExpression(initializer)) return [];
    const call = initializer.expression;
    if (!ts.isCallExpression(call) || !ts.isIdentifier(call.expression) || call.expression.text !== 'built') return [];
    const [argument] = call.arguments;
    if (argument === undefined || !ts.isStringLiteral(argument)) return [];
    return [{ file: path.join(compiledSources, argument.text), names: originalNames(name.elements) }];
  });
}

function findImports(script: string): readonly FileImport[] {
  return parseFile(script).statements.flatMap((statement) => {
    const fixed = readStaticImport(statement, path.dirname(script));
    return fixed === null ? readDynamicImports(statement) : [fixed];
  });
}

function exportedNamesOf(statement: ts.Statement, folder: string): readonly string[] {
  if (ts.isExportDeclaration(statement)) {
    const { exportClause, moduleSpecifier } = statement;
    if (exportClause !== undefined) {
      return ts.isNamedExports(exportClause) ? exportClause.elements.map(({ name }) => name.text) : [];
    }
    return moduleSpecifier !== undefined && ts.isStringLiteral(moduleSpecifier)
      ? [...findExports(path.resolve(folder, moduleSpecifier.text))]
      : [];
  }
  if (ts.isExportAssignment(statement)) return ['default'];
  const modifiers = ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []) : [];
  if (!modifiers.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) return [];
  if (modifiers.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword)) return ['default'];
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.flatMap(({ name }) => (ts.isIdentifier(name) ? [name.text] : []));
  }
  const isNamed = ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement);
  return isNamed && statement.name !== undefined ? [statement.name.text] : [];
}

/** @returns none where there is no such file */
function findExports(file: string): ReadonlySet<string> {
  if (!existsSync(file)) return new Set();
  const folder = path.dirname(file);
  return new Set(parseFile(file).statements.flatMap((statement) => exportedNamesOf(statement, folder)));
}

describe('the scripts in tools', () => {
  it('import only names that the other file exports', () => {
    const scripts = readdirSync(toolsFolder, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.mjs'),
    );
    const imports = scripts.flatMap((script) =>
      findImports(path.join(toolsFolder, script)).map((imported) => ({ script, ...imported })),
    );
    const absent = imports.flatMap(({ script, file, names }) => {
      const exported = findExports(file);
      return names
        .filter((name) => !exported.has(name))
        .map((name) => `${script}: ${name} of ${path.relative(packageRoot, file)}`);
    });
    expect(absent).toEqual([]);
    // Both ways of importing are seen.
    const imported = new Set(imports.map(({ script }) => script));
    expect(imported).toContain(path.join('bench', 'channels.mjs'));
    expect(imported).toContain(path.join('starter', 'export-masks.mjs'));
  });
});

describe('the build where something changed', () => {
  const script = path.join(toolsFolder, 'build/if-changed.mjs');
  const [sourceTime, builtTime] = [new Date('2020-01-01'), new Date('2020-01-02')];
  let folder = '';

  /** A package whose build was made after its sources, and whose next build writes the file `built`. */
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'if-changed-'));
    const scripts = { build: `node -e "require('node:fs').writeFileSync('built', '')"` };
    const files = {
      ...{ 'src/deep/a.ts': '', 'src/b.ts': '', 'migrations/c.ts': '', 'tools/build/d.mjs': '' },
      ...{ 'web/src/e.ts': '', 'web/src/generated/f.ts': '', 'tsconfig.json': '', 'schema.graphql': '' },
      ...{ 'package.json': JSON.stringify({ scripts }), 'dist/src/main.js': '', 'dist/web/index.html': '' },
    };
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(path.join(folder, path.dirname(name)), { recursive: true });
      writeFileSync(path.join(folder, name), text);
    }
    for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      const time = name.startsWith('dist') ? builtTime : sourceTime;
      utimesSync(path.join(folder, name), time, time);
    }
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  /** Runs the script. @returns whether it built */
  function isBuilt(): boolean {
    execFileSync(process.execPath, [script], { cwd: folder, stdio: 'ignore' });
    return existsSync(path.join(folder, 'built'));
  }

  it('does not run where nothing changed but what a build writes', () => {
    writeFileSync(path.join(folder, 'web/src/generated/g.ts'), '');
    expect(isBuilt()).toBe(false);
  });

  it('runs where a source was edited', () => {
    writeFileSync(path.join(folder, 'src/b.ts'), 'export {};');
    expect(isBuilt()).toBe(true);
  });

  it('runs where a source was deleted', () => {
    rmSync(path.join(folder, 'src/deep/a.ts'));
    expect(isBuilt()).toBe(true);
  });
});
