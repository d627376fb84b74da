import { z } from 'zod';
import { FigseekError } from '../../domain/errors.js';
import { figureClasses, findFigureClass } from '../../domain/figure-classes.js';
import type { Figure } from '../../domain/figure.js';

/** The class of a figure; null where none is known. */
export type ClassOf = (figure: Pick<Figure, 'id' | 'sourceKey' | 'modality' | 'labels'>) => string | null;

/** What the record says: its modality, else its labels where these name one class. */
export const classOfRecord: ClassOf = ({ modality, labels }) => {
  const named = modality === null ? null : findFigureClass(modality);
  if (named !== null) return named.name;
  const classes = new Set(labels.flatMap((label) => findFigureClass(label)?.name ?? []));
  const [first, second] = classes;
  return second === undefined ? (first ?? null) : null;
};

const labelLine = z.object({ id: z.string().trim().min(1).max(500), class: z.string().trim().min(1).max(200) });

/**
 * Reads JSON lines `{"id": "…", "class": "ct"}`; the id is that of a figure or of its record.
 * @returns the class by id
 * @throws {FigseekError} BAD_USER_INPUT names the line that has another form, another class, or an id that came before
 */
export function parseClassLabels(content: string): ReadonlyMap<string, string> {
  const labels = new Map<string, string>();
  for (const [at, line] of content.split('\n').entries()) {
    if (line.trim() === '') continue;
    const { id, class: given } = parseLine(line, at + 1);
    const found = findFigureClass(given);
    if (found === null) {
      const known = figureClasses.map(({ name }) => name).join(', ');
      refuse(at + 1, `a class among ${known}`, given.slice(0, 60));
    }
    if (labels.has(id)) refuse(at + 1, 'each id once', `${id.slice(0, 60)} again`);
    labels.set(id, found.name);
  }
  return labels;
}

/** The class that a file gives a figure. */
export function classByLabels(labels: ReadonlyMap<string, string>): ClassOf {
  return ({ id, sourceKey }) => labels.get(id) ?? labels.get(sourceKey) ?? null;
}

function parseLine(line: string, number: number): z.infer<typeof labelLine> {
  try {
    return labelLine.parse(JSON.parse(line));
  } catch {
    return refuse(number, '{"id": "…", "class": "…"}', line.slice(0, 60));
  }
}

function refuse(line: number, expected: string, received: string): never {
  throw new FigseekError('BAD_USER_INPUT', `Line ${line}: expected ${expected} but received ${received}`);
}
