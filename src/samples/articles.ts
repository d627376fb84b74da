import type { Random } from './random.js';

export interface SampleArticle {
  readonly title: string;
  readonly authors: string[];
  readonly journal: string;
  readonly year: number;
  readonly license: string;
  readonly url?: string;
}

const openings = [
  'A drawn survey of',
  'Notes on',
  'Patterns in',
  'An illustrated account of',
  'Synthetic views of',
  'A small atlas of',
] as const;
const subjects = [
  'imaging and laboratory figures',
  'cells, organs and charts',
  'clinical pictures and measurements',
  'microscopy and radiology',
  'disease markers',
  'everyday biomedical figures',
] as const;
const settings = [
  'for software trials',
  'in an invented cohort',
  'without any patient',
  'made by arithmetic',
  'for teaching search',
  'from a seeded generator',
] as const;
const given = ['Ada', 'Bo', 'Chi', 'Dana', 'Eli', 'Femi', 'Gita', 'Hugo', 'Ines', 'Jun'] as const;
const family = [
  'Pixel',
  'Raster',
  'Contour',
  'Gradient',
  'Vertex',
  'Stencil',
  'Palette',
  'Canvas',
  'Sketch',
  'Pigment',
] as const;
const licenses = ['CC0-1.0', 'CC-BY-4.0', 'CC-BY-SA-4.0'] as const;

/** A made-up article; its names are tools of drawing, so that nobody takes it for a real one. */
export function articleFor(random: Random, key: string): SampleArticle {
  const authors = Array.from({ length: random.whole(1, 5) }, () => `${random.pick(given)} ${random.pick(family)}`);
  return {
    title: `${random.pick(openings)} ${random.pick(subjects)} ${random.pick(settings)} (${key})`,
    authors: [...new Set(authors)],
    journal: 'Figseek Drawn Samples',
    year: random.whole(2010, 2025),
    license: random.pick(licenses),
  };
}
