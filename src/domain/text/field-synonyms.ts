/**
 * Abbreviations and synonyms of the field, in the form that `Synonyms` reads. A short list of what is unambiguous and common in captions of
 * figures; spellings that differ by a letter or an ending need no line. Written for figseek: no vocabulary under an open license was to be
 * had as a package.
 */
export const fieldSynonyms = `
# Imaging
CT = computed tomography = computerized tomography = CAT scan
MRI = magnetic resonance imaging = MR imaging
PET > positron emission tomography
SPECT > single photon emission computed tomography
radiograph = x-ray = roentgenogram = plain film
CXR = chest radiograph = chest x-ray
ultrasound = ultrasonography = sonography = sonogram
echocardiography = echocardiogram = cardiac ultrasound
OCT > optical coherence tomography
mammography = mammogram
angiography = angiogram
DWI > diffusion weighted imaging
ADC > apparent diffusion coefficient
fMRI = functional MRI = functional magnetic resonance imaging
CBCT = cone beam computed tomography = cone beam CT
dermoscopy = dermatoscopy = epiluminescence microscopy

# Microscopy and laboratory
H&E = hematoxylin and eosin = haematoxylin and eosin
IHC = immunohistochemistry = immunohistochemical staining
immunofluorescence = IF staining
SEM > scanning electron microscopy > scanning electron micrograph
TEM > transmission electron microscopy > transmission electron micrograph
EM > electron microscopy > electron micrograph
micrograph = photomicrograph
PAS > periodic acid Schiff
FISH > fluorescence in situ hybridization
ISH > in situ hybridization
western blot = immunoblot = immunoblotting = western blotting
PCR = polymerase chain reaction
qPCR = quantitative PCR = real-time PCR
ELISA = enzyme-linked immunosorbent assay
FACS = fluorescence-activated cell sorting = flow cytometry
GFP = green fluorescent protein
DAPI = 4',6-diamidino-2-phenylindole
TUNEL = terminal deoxynucleotidyl transferase dUTP nick end labeling
RBC = red blood cell = erythrocyte
WBC = white blood cell = leukocyte = leucocyte
platelet = thrombocyte
neutrophil = polymorphonuclear leukocyte
fat cell = adipocyte
nerve cell = neuron = neurone
iPSC = induced pluripotent stem cell
ECM > extracellular matrix
ER > endoplasmic reticulum > estrogen receptor
ROS > reactive oxygen species

# Heart and vessels
heart attack = myocardial infarction
MI > myocardial infarction
AMI > acute myocardial infarction
stroke = cerebrovascular accident
TIA = transient ischemic attack
high blood pressure = hypertension
ECG = EKG = electrocardiogram = electrocardiography
CAD > coronary artery disease
CHF = congestive heart failure
AF > atrial fibrillation
VT > ventricular tachycardia
DVT = deep vein thrombosis = deep venous thrombosis
PE > pulmonary embolism
AAA > abdominal aortic aneurysm
blood clot = thrombus
hardening of the arteries = atherosclerosis

# Lung
COPD = chronic obstructive pulmonary disease
ARDS = acute respiratory distress syndrome
TB = tuberculosis
NSCLC = non-small cell lung cancer
SCLC = small cell lung cancer
GGO = ground-glass opacity = ground glass
collapsed lung = pneumothorax
COVID-19 = SARS-CoV-2 infection = coronavirus disease 2019
ILD = interstitial lung disease
IPF = idiopathic pulmonary fibrosis

# Brain and nerves
EEG = electroencephalogram = electroencephalography
EMG = electromyogram = electromyography
CNS = central nervous system
CSF = cerebrospinal fluid
MS > multiple sclerosis
ALS = amyotrophic lateral sclerosis = Lou Gehrig's disease
AD > Alzheimer's disease
PD > Parkinson's disease
GBM = glioblastoma = glioblastoma multiforme
TBI = traumatic brain injury
ICH > intracerebral hemorrhage
SAH = subarachnoid hemorrhage
SDH > subdural hematoma

# Tumors
cancer = malignancy = malignant tumor
tumor = tumour = neoplasm
metastasis = metastatic lesion = secondary tumor
HCC = hepatocellular carcinoma
RCC = renal cell carcinoma
SCC = squamous cell carcinoma
BCC = basal cell carcinoma
DCIS = ductal carcinoma in situ
IDC > invasive ductal carcinoma
PDAC = pancreatic ductal adenocarcinoma
CRC = colorectal cancer = colorectal carcinoma
AML = acute myeloid leukemia
ALL > acute lymphoblastic leukemia
CLL = chronic lymphocytic leukemia
CML = chronic myeloid leukemia
DLBCL = diffuse large B-cell lymphoma
GIST = gastrointestinal stromal tumor

# Abdomen, kidney, hormones
GERD = gastroesophageal reflux disease
IBD = inflammatory bowel disease
UC > ulcerative colitis
NAFLD = non-alcoholic fatty liver disease
fatty liver = hepatic steatosis
kidney = renal
liver = hepatic
AKI = acute kidney injury
CKD = chronic kidney disease
kidney stone = nephrolithiasis = renal calculus
gallstone = cholelithiasis
DM > diabetes mellitus
T2DM = type 2 diabetes = type 2 diabetes mellitus
T1DM = type 1 diabetes = type 1 diabetes mellitus

# Bones, skin, eyes
broken bone = fracture
ACL > anterior cruciate ligament
OA > osteoarthritis
RA > rheumatoid arthritis
bruise = hematoma = haematoma
nearsightedness = myopia
AMD = age-related macular degeneration
DR > diabetic retinopathy
fundus photograph = fundus photography = retinal photograph

# Infections and immunity
HIV = human immunodeficiency virus
HPV = human papillomavirus
HBV = hepatitis B virus
HCV = hepatitis C virus
EBV = Epstein-Barr virus
CMV = cytomegalovirus
MRSA = methicillin-resistant Staphylococcus aureus
E. coli = Escherichia coli
S. aureus = Staphylococcus aureus
SLE = systemic lupus erythematosus
`;
