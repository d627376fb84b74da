interface ModalityWords {
  /** As records name it. */
  readonly modality: string;
  readonly words: string;
}

const xray = (words: string): ModalityWords => ({ modality: 'x-ray', words });

/** Modality (0008,0060) by its defined terms (PS3.3 C.7.3.1.1.1); a code that is not listed gives nothing. */
export const modalities: Readonly<Record<string, ModalityWords>> = {
  CR: xray('Computed radiography (CR)'),
  DX: xray('Digital radiography (DX)'),
  RG: xray('Radiography (RG)'),
  MG: xray('Mammography (MG)'),
  RF: xray('Fluoroscopy (RF)'),
  XA: xray('X-ray angiography (XA)'),
  IO: xray('Intra-oral radiography (IO)'),
  PX: xray('Panoramic X-ray (PX)'),
  RTIMAGE: xray('Radiotherapy image (RTIMAGE)'),
  CT: { modality: 'ct', words: 'Computed tomography (CT)' },
  MR: { modality: 'mri', words: 'Magnetic resonance imaging (MR)' },
  US: { modality: 'ultrasound', words: 'Ultrasound (US)' },
  IVUS: { modality: 'ultrasound', words: 'Intravascular ultrasound (IVUS)' },
  NM: { modality: 'nuclear-medicine', words: 'Nuclear medicine (NM)' },
  PT: { modality: 'pet', words: 'Positron emission tomography (PT)' },
  SM: { modality: 'light-microscopy', words: 'Slide microscopy (SM)' },
  GM: { modality: 'light-microscopy', words: 'General microscopy (GM)' },
  ES: { modality: 'endoscopy', words: 'Endoscopy (ES)' },
  OP: { modality: 'fundus', words: 'Ophthalmic photography (OP)' },
  OPT: { modality: 'oct', words: 'Ophthalmic tomography (OPT)' },
  OCT: { modality: 'oct', words: 'Optical coherence tomography (OCT)' },
  XC: { modality: 'photograph', words: 'External-camera photography (XC)' },
  SEG: { modality: 'segmentation', words: 'Segmentation (SEG)' },
  RTDOSE: { modality: 'radiotherapy-dose', words: 'Radiotherapy dose (RTDOSE)' },
};

/** Body Part Examined (0018,0015) by its defined terms (PS3.16, annex L); free words in it give nothing. */
export const bodyParts: Readonly<Record<string, string>> = {
  ...{
    ABDOMEN: 'abdomen',
    ABDOMENPELVIS: 'abdomen and pelvis',
    ADRENAL: 'adrenal gland',
    ANKLE: 'ankle',
    AORTA: 'aorta',
  },
  ...{
    ARM: 'arm',
    AXILLA: 'axilla',
    BACK: 'back',
    BLADDER: 'bladder',
    BRAIN: 'brain',
    BREAST: 'breast',
    BRONCHUS: 'bronchus',
  },
  ...{ CALCANEUS: 'calcaneus', CAROTID: 'carotid artery', CHEST: 'chest', CHESTABDOMEN: 'chest and abdomen' },
  ...{ CHESTABDPELVIS: 'chest, abdomen and pelvis', CLAVICLE: 'clavicle', COCCYX: 'coccyx', COLON: 'colon' },
  ...{ CORONARYARTERY: 'coronary artery', CSPINE: 'cervical spine', CTSPINE: 'cervicothoracic spine', ELBOW: 'elbow' },
  ...{
    ESOPHAGUS: 'esophagus',
    EXTREMITY: 'extremity',
    EYE: 'eye',
    FACE: 'face',
    FEMUR: 'femur',
    FINGER: 'finger',
    FOOT: 'foot',
  },
  ...{
    FOREARM: 'forearm',
    GALLBLADDER: 'gallbladder',
    HAND: 'hand',
    HEAD: 'head',
    HEADNECK: 'head and neck',
    HEART: 'heart',
  },
  ...{ HIP: 'hip', HUMERUS: 'humerus', JAW: 'jaw', KIDNEY: 'kidney', KNEE: 'knee', LEG: 'leg', LIVER: 'liver' },
  ...{
    LSPINE: 'lumbar spine',
    LSSPINE: 'lumbosacral spine',
    LUNG: 'lung',
    MAXILLA: 'maxilla',
    MEDIASTINUM: 'mediastinum',
  },
  ...{ MOUTH: 'mouth', NECK: 'neck', NECKCHEST: 'neck and chest', NOSE: 'nose', ORBIT: 'orbit', OVARY: 'ovary' },
  ...{
    PANCREAS: 'pancreas',
    PAROTID: 'parotid gland',
    PATELLA: 'patella',
    PELVIS: 'pelvis',
    PENIS: 'penis',
    PHARYNX: 'pharynx',
  },
  ...{ PROSTATE: 'prostate', RECTUM: 'rectum', RIB: 'rib', SACRUM: 'sacrum', SCALP: 'scalp', SCAPULA: 'scapula' },
  ...{ SCLERA: 'sclera', SCROTUM: 'scrotum', SHOULDER: 'shoulder', SKULL: 'skull', SPINE: 'spine', SPLEEN: 'spleen' },
  ...{
    SSPINE: 'sacral spine',
    STERNUM: 'sternum',
    STOMACH: 'stomach',
    TESTIS: 'testis',
    THIGH: 'thigh',
    THUMB: 'thumb',
  },
  ...{
    THYMUS: 'thymus',
    THYROID: 'thyroid gland',
    TOE: 'toe',
    TSPINE: 'thoracic spine',
    TLSPINE: 'thoracolumbar spine',
  },
  ...{ UTERUS: 'uterus', VAGINA: 'vagina', VULVA: 'vulva', WHOLEBODY: 'whole body', WRIST: 'wrist', ZYGOMA: 'zygoma' },
};

/** View Position (0018,5101) by its terms. */
export const views: Readonly<Record<string, string>> = {
  ...{
    AP: 'anterior-posterior view',
    PA: 'posterior-anterior view',
    LL: 'left lateral view',
    RL: 'right lateral view',
  },
  ...{ RLD: 'right lateral decubitus view', LLD: 'left lateral decubitus view', RLO: 'right lateral oblique view' },
  ...{
    LLO: 'left lateral oblique view',
    LATERAL: 'lateral view',
    CC: 'craniocaudal view',
    MLO: 'mediolateral oblique view',
  },
};

/** Laterality (0020,0060) and Image Laterality (0020,0062). */
export const sides: Readonly<Record<string, string>> = { R: 'right', L: 'left', B: 'both sides' };

/** The words for a term of a table; null for one that is not in it. */
export function wordsOf<Words>(table: Readonly<Record<string, Words>>, term: string | null): Words | null {
  return term !== null && Object.hasOwn(table, term) ? (table[term] ?? null) : null;
}
