import { sha256 } from './ids.js';
import { valueKey } from './text/fold-text.js';

/** What kind of figure a panel is. */
export const figureTypes = [
  'medical image',
  'gel or blot',
  'plot',
  'diagram',
  'table',
  'chemical structure',
  'photograph',
  'compound',
] as const;
export type FigureTypeName = (typeof figureTypes)[number];

/** One class that a classifier chooses from. */
export interface FigureClass {
  readonly name: string;
  readonly type: FigureTypeName;
  /** Its code in the modality hierarchy of ImageCLEF 2016; null where that has none. */
  readonly code: string | null;
  /** Noun phrases that name it in prompts. */
  readonly phrases: readonly string[];
  /** Other names that records give it. */
  readonly aliases: readonly string[];
}

/** Each phrase is put into each of them, and the vectors of all are averaged (Radford et al., ICML 2021, section 3.1.4). */
const templates = ['{}', 'a figure of {}', 'this is {} from a biomedical article'];

function imageClass(
  name: string,
  code: string | null,
  phrases: readonly string[],
  aliases: readonly string[] = [],
): FigureClass {
  return { name, type: 'medical image', code, phrases, aliases };
}

/**
 * The classes after the modality hierarchy of ImageCLEF (García Seco de Herrera et al., “Overview of the ImageCLEF 2016
 * medical task”, CLEF 2016): its diagnostic images, and its generic illustrations joined to the types that people filter by.
 * Light microscopy is split, since stained tissue and smears are looked for apart.
 */
export const figureClasses: readonly FigureClass[] = [
  imageClass(
    'x-ray',
    'DRXR',
    ['a radiograph', 'an X-ray image', 'a chest radiograph'],
    ['radiograph', 'radiography', 'xr', 'cr', 'dx'],
  ),
  imageClass('ct', 'DRCT', ['a CT scan', 'a computed tomography image'], ['computed tomography']),
  imageClass('mri', 'DRMR', ['an MRI scan', 'a magnetic resonance image'], ['mr', 'magnetic resonance']),
  imageClass('pet', 'DRPE', ['a PET scan', 'a positron emission tomography image'], ['pt', 'pet-ct', 'pet/ct']),
  imageClass('angiography', 'DRAN', ['an angiogram', 'an angiography image of blood vessels'], ['angiogram', 'xa']),
  imageClass(
    'ultrasound',
    'DRUS',
    ['an ultrasound image', 'an echocardiogram'],
    ['us', 'sonography', 'echocardiography'],
  ),
  imageClass(
    'fundus-photograph',
    'DVOR',
    ['a fundus photograph', 'a photograph of the retina'],
    ['fundus', 'retinal fundus'],
  ),
  imageClass(
    'oct',
    null,
    ['an optical coherence tomography image', 'an OCT scan of the retina'],
    ['optical coherence tomography'],
  ),
  imageClass(
    'dermoscopy',
    'DVDM',
    ['a dermoscopy image', 'a close-up image of a skin lesion'],
    ['dermatoscopy', 'dermoscopic image'],
  ),
  imageClass('endoscopy', 'DVEN', ['an endoscopy image', 'a colonoscopy image'], ['es', 'colonoscopy', 'laparoscopy']),
  imageClass(
    'clinical-photograph',
    'DVOR',
    ['a clinical photograph of a patient', 'a photograph of a body part'],
    ['clinical photo'],
  ),
  imageClass(
    'histology',
    'DMLI',
    ['a histology section stained with H&E', 'immunohistochemistry of tissue', 'stained tissue under the microscope'],
    ['histopathology', 'pathology', 'h&e', 'he', 'ihc', 'immunohistochemistry', 'sm'],
  ),
  imageClass(
    'light-microscopy',
    'DMLI',
    ['a light micrograph of cells', 'a blood smear', 'a stained smear of bacteria under the light microscope'],
    ['bright-field microscopy', 'brightfield microscopy', 'light micrograph', 'microscopy', 'blood smear'],
  ),
  imageClass(
    'fluorescence-microscopy',
    'DMFL',
    ['a fluorescence micrograph', 'an immunofluorescence image', 'nuclei in fluorescence microscopy'],
    ['fluorescence', 'immunofluorescence', 'confocal microscopy'],
  ),
  imageClass(
    'electron-microscopy',
    'DMEL',
    ['an electron micrograph', 'a scanning electron micrograph'],
    ['sem', 'tem', 'electron micrograph'],
  ),
  imageClass(
    'ecg',
    'DSEC',
    ['an electrocardiogram', 'an ECG tracing'],
    ['ekg', 'electrocardiogram', 'electrocardiography'],
  ),
  imageClass(
    'eeg',
    'DSEE',
    ['an electroencephalogram', 'an EEG recording'],
    ['electroencephalography', 'electroencephalogram'],
  ),
  imageClass(
    '3d-reconstruction',
    'D3DR',
    ['a 3D reconstruction of an organ', 'a three-dimensional rendering'],
    ['3d reconstruction'],
  ),
  {
    ...{ name: 'gel-or-blot', type: 'gel or blot', code: 'GGEL' },
    phrases: ['a western blot', 'a gel electrophoresis image with bands'],
    aliases: ['gel', 'blot', 'western blot', 'electrophoresis'],
  },
  {
    ...{ name: 'plot', type: 'plot', code: 'GFIG' },
    phrases: ['a line plot with axes', 'a bar chart', 'a scatter plot', 'a Kaplan-Meier survival curve'],
    aliases: ['chart', 'graph', 'bar chart', 'line chart', 'scatter plot', 'statistical figure'],
  },
  {
    ...{ name: 'diagram', type: 'diagram', code: 'GSYS' },
    phrases: ['a diagram', 'a schematic drawing with labels', 'an anatomical illustration', 'a pathway diagram'],
    aliases: ['illustration', 'drawing', 'schematic', 'sketch'],
  },
  {
    ...{ name: 'flowchart', type: 'diagram', code: 'GFLO' },
    phrases: ['a flowchart of boxes and arrows', 'a flow diagram of a study'],
    aliases: ['flow chart', 'flow diagram'],
  },
  { name: 'map', type: 'diagram', code: null, phrases: ['a geographic map', 'a map of the world'], aliases: [] },
  {
    ...{ name: 'table', type: 'table', code: 'GTAB' },
    phrases: ['a table of text and numbers', 'a page of text'],
    aliases: ['form', 'text'],
  },
  {
    ...{ name: 'chemical-structure', type: 'chemical structure', code: 'GCHE' },
    phrases: ['a chemical structure', 'the structural formula of a molecule'],
    aliases: ['chemical structure', 'molecule'],
  },
  {
    ...{ name: 'photograph', type: 'photograph', code: 'GNCP' },
    phrases: ['a photograph', 'a photograph of laboratory equipment', 'a photograph of an animal or a plant'],
    aliases: ['photo', 'picture'],
  },
  {
    ...{ name: 'compound', type: 'compound', code: 'COMP' },
    phrases: ['a figure of several panels labeled A, B and C', 'a multi-panel figure'],
    aliases: ['multi-panel', 'compound figure'],
  },
];

/** Names of the classes that are imaging techniques: what a modality can be. */
export const modalityNames: readonly string[] = figureClasses.flatMap((one) => (isModality(one) ? [one.name] : []));

export function isModality({ type }: FigureClass): boolean {
  return type === 'medical image' || type === 'gel or blot';
}

/** All texts that name a class. */
export function promptsOf({ phrases }: FigureClass): readonly string[] {
  return phrases.flatMap((phrase) => templates.map((template) => template.replace('{}', phrase)));
}

/** Changes with the classes and their prompts: what was classified by others is classified again. */
export const classListKey: string = sha256(JSON.stringify([figureClasses, templates])).slice(0, 16);

/** "Light Microscopy" and "light_microscopy" are one name. */
function nameKey(name: string): string {
  return valueKey(name).replace(/[\s_-]+/gu, '-');
}

const classesByName = new Map(
  figureClasses.flatMap((one) => [one.name, ...one.aliases].map((name) => [nameKey(name), one] as const)),
);

/** The class that a modality or label of a record names; null where it names none. */
export function findFigureClass(name: string): FigureClass | null {
  return classesByName.get(nameKey(name)) ?? null;
}
