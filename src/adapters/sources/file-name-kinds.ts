/** Files that are read, by what their names end on. JPEG has several. */
const readNames = /\.(?:jpe?g|jpe|jfif|pjpe?g|pjp|mpo|png|apng|tiff?|webp|gif|avif)$/i;

/** Kinds that are read by their content, if at all: each becomes a fault that says what it is. */
const triedNames =
  /\.(?:svg|bmp|dib|jp2|j2k|jpx|jpf|jxl|jxr|heic|heif|psd|eps|ps|ai|pdf|dcm|svs|ndpi|lsm|stk|qptiff|scn|btf|tf8|flex|ico|tga|exr|hdr|ppm|pgm|pbm|pnm)$/i;

/** Formats of microscopes and scanners, too large to be opened for their first bytes. */
const instruments: Readonly<Record<string, string>> = {
  czi: 'Zeiss CZI',
  zvi: 'Zeiss ZVI',
  nd2: 'Nikon ND2',
  lif: 'Leica LIF',
  lof: 'Leica LOF',
  xlef: 'Leica XLEF',
  oib: 'Olympus OIB',
  oif: 'Olympus OIF',
  oir: 'Olympus OIR',
  vsi: 'Olympus VSI',
  ets: 'Olympus ETS',
  mrxs: '3DHISTECH MIRAX',
  bif: 'Ventana BIF',
  ims: 'Imaris',
  dv: 'DeltaVision',
  r3d: 'DeltaVision',
  mrc: 'MRC',
  dm3: 'Gatan DM3',
  dm4: 'Gatan DM4',
  emd: 'EMD',
  spe: 'Princeton SPE',
  sld: 'SlideBook',
  nii: 'NIfTI',
  mha: 'MetaImage',
  mhd: 'MetaImage',
  nrrd: 'NRRD',
  isyntax: 'Philips iSyntax',
  'ome.zarr': 'OME-Zarr',
  zarr: 'Zarr',
};

/** Whether a file is read as an image by what its name ends on. */
export function isImageName(name: string): boolean {
  return readNames.test(name);
}

/** What a file is taken for by its name: an image, or an image of an instrument that is not read (with its name), or neither. */
export function detectImageKind(name: string): 'image' | { readonly instrument: string } | null {
  if (readNames.test(name) || triedNames.test(name)) return 'image';
  const suffix = /\.([a-z0-9]+)(?:\.gz)?$/i.exec(name)?.[1]?.toLowerCase() ?? '';
  const instrument = Object.hasOwn(instruments, suffix) ? instruments[suffix] : undefined;
  return instrument === undefined ? null : { instrument };
}

export function stemOf(name: string): string {
  return name.replace(/\.[^.]*$/, '');
}

/** Folders that other programs make, in lower case. */
const foreignFolders: Readonly<Record<string, string>> = {
  '@eadir': 'thumbnails and metadata of a Synology server',
  '.@__thumb': 'thumbnails of a QNAP server',
  __macosx: 'metadata of macOS, from a ZIP archive',
  '.thumbnails': 'thumbnails of another program',
  '.trashes': 'deleted files',
  '$recycle.bin': 'deleted files',
  '#recycle': 'deleted files',
  'system volume information': 'data of Windows',
  'lost+found': 'data of the file system',
};

const foreignFiles: Readonly<Record<string, string>> = {
  'thumbs.db': 'thumbnails of Windows',
  'ehthumbs.db': 'thumbnails of Windows',
  'desktop.ini': 'data of Windows',
  '.ds_store': 'data of macOS',
  'icon\r': 'data of macOS',
};

/** Why a folder is passed over with all that is in it; null for one that is read. */
export function foreignFolder(name: string): string | null {
  const known = name.toLowerCase();
  if (Object.hasOwn(foreignFolders, known)) return foreignFolders[known] ?? null;
  return name.startsWith('.') ? 'hidden (its name begins with a dot)' : null;
}

/** Why a file is passed over whatever it holds; null for one that may be read. */
export function foreignFile(name: string): string | null {
  const known = name.toLowerCase();
  if (Object.hasOwn(foreignFiles, known)) return foreignFiles[known] ?? null;
  if (name.startsWith('._')) return 'metadata of macOS';
  return name.startsWith('.') ? 'hidden (its name begins with a dot)' : null;
}

/** Why a file that is no image is not read. */
export function otherFile(name: string): string {
  if (/\.(?:zip|gz|tgz|tar|bz2|xz|7z|rar|zst)$/i.test(name)) return 'an archive; unpack it to have its images read';
  if (/\.(?:jsonl|ndjson)$/i.test(name)) return 'a file of records; give it as a source of its own';
  if (/\.(?:mp4|avi|mov|mkv|webm|mpe?g|wmv)$/i.test(name)) return 'a video';
  if (/\.(?:docx?|pptx?|xlsx?|odt|odp|ods|rtf)$/i.test(name)) return 'an office document; export its images';
  return 'no image by its name';
}
