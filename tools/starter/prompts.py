"""What the segmenter is asked for: the objects of the drawn kinds, their names, and the phrases that name them."""

# Kind of drawing → image type (as BiomedParse names them), and words for the picture.
KINDS = {
    "chest radiograph": ("X-Ray-Chest", ["chest X-ray", "chest radiograph", "frontal chest film"]),
    "bone radiograph": ("X-Ray-Bone", ["bone radiograph", "X-ray of a limb", "plain radiograph"]),
    "mammogram": ("X-Ray-Breast", ["mammogram", "breast X-ray", "mammography"]),
    "brain MRI": ("MRI-Brain", ["brain MRI", "MRI of the head", "brain MR image"]),
    "head CT": ("CT-Brain", ["head CT", "CT of the head", "brain CT"]),
    "chest CT": ("CT-Chest", ["chest CT", "CT of the thorax", "axial chest CT"]),
    "abdominal CT": ("CT-Abdomen", ["abdominal CT", "CT of the abdomen", "abdomen CT"]),
    "ultrasound": ("Ultrasound", ["ultrasound", "sonogram", "B-mode ultrasound"]),
    "fundus photograph": ("Fundus", ["retinal fundus", "fundus photograph", "retinal photograph"]),
    "dermoscopy image": ("Dermoscopy", ["dermoscopy", "dermoscopy image", "skin photograph"]),
    "agar plate": ("Agar-Plate", ["agar plate", "Petri dish", "culture plate"]),
    "retinal OCT scan": ("OCT", ["retinal OCT", "OCT scan", "optical coherence tomography"]),
    "blood smear": ("Microscopy-Blood", ["blood smear", "stained blood smear", "peripheral blood smear"]),
    "fluorescence microscopy of nuclei": ("Microscopy-Fluorescence", ["fluorescence microscopy", "fluorescence micrograph", "fluorescence image"]),
    "H&E tissue section": ("Pathology", ["H&E tissue section", "pathology slide", "histology image"]),
    "immunohistochemistry": ("Pathology", ["immunohistochemistry", "IHC section", "tissue section"]),
    "electron micrograph": ("Microscopy-Electron", ["electron micrograph", "electron microscopy", "TEM image"]),
    "nuclei": ("Microscopy-Fluorescence", ["microscopy", "fluorescence microscopy", "micrograph", "stained tissue"]),
}

# Names of a drawn object; the first is the one that `maskPrompts` offers.
NAMES = {
    "lung": ["lung", "lungs", "lung fields", "both lungs", "lung field"],
    "left lung": ["left lung", "left lung field"],
    "right lung": ["right lung", "right lung field"],
    "heart": ["heart", "cardiac silhouette", "heart shadow"],
    "consolidation": ["consolidation", "lung consolidation", "lung opacity"],
    "nodule": ["nodule", "lung nodule", "pulmonary nodule"],
    "effusion": ["effusion", "pleural effusion", "pleural fluid"],
    "pneumothorax": ["pneumothorax", "air in the pleural space"],
    "bone": ["bone", "bones", "long bones"],
    "breast": ["breast", "breast tissue"],
    "tumour": ["tumour", "tumor", "mass", "neoplasm"],
    "brain": ["brain", "brain tissue", "whole brain"],
    "ventricles": ["ventricles", "cerebral ventricles", "brain ventricles"],
    "haemorrhage": ["haemorrhage", "hemorrhage", "bleeding"],
    "infarct": ["infarct", "stroke", "infarction"],
    "subdural haematoma": ["subdural haematoma", "subdural hematoma", "haematoma"],
    "white matter lesions": ["white matter lesions", "white matter lesion"],
    "liver": ["liver", "hepatic parenchyma"],
    "spleen": ["spleen"],
    "kidney": ["kidney", "kidneys", "both kidneys"],
    "left kidney": ["left kidney"],
    "right kidney": ["right kidney"],
    "cyst": ["cyst", "cystic lesion"],
    "gallbladder": ["gallbladder", "gall bladder"],
    "gallstone": ["gallstone", "gall stone", "biliary calculus"],
    "fetal head": ["fetal head", "head of the fetus", "foetal head"],
    "solid nodule": ["solid nodule", "nodule"],
    "optic disc": ["optic disc", "optic disk", "optic nerve head"],
    "optic cup": ["optic cup", "cup of the optic disc"],
    "skin lesion": ["skin lesion", "lesion", "pigmented lesion", "mole"],
    "colonies": ["colonies", "bacterial colonies", "colony"],
    "retina": ["retina", "retinal layers", "neural retina"],
    "oedema": ["oedema", "edema", "macular oedema", "macular edema"],
    "red blood cells": ["red blood cells", "red blood cell", "erythrocytes", "RBC"],
    "white blood cell": ["white blood cell", "leukocyte", "WBC", "white blood cells"],
    "platelets": ["platelets", "thrombocytes", "platelet"],
    "nuclei": ["nuclei", "cell nuclei", "nucleus", "stained nuclei"],
    "glands": ["glands", "glandular structure", "gland"],
    "mitochondria": ["mitochondria", "mitochondrion"],
    "virus particles": ["virus particles", "viruses", "virions"],
    "bacteria": ["bacteria", "bacterium", "bacterial cells"],
}

# Names that hold only in one kind of picture, beside those of NAMES.
KIND_NAMES = {
    ("abdominal CT", "tumour"): ["liver tumour", "liver tumor", "hepatic tumour"],
    ("abdominal CT", "cyst"): ["liver cyst", "hepatic cyst"],
    ("mammogram", "tumour"): ["breast tumour", "breast mass", "breast tumor"],
    ("brain MRI", "tumour"): ["brain tumour", "brain tumor", "glioma"],
    ("dermoscopy image", "skin lesion"): ["melanoma or naevus", "skin tumour"],
}

# Things that a picture may well show although no mask of it is drawn: never asked for as absent.
MAYBE = {
    "chest radiograph": {"bone", "tumour", "oedema", "solid nodule"},
    "mammogram": {"cyst", "nodule", "solid nodule"},
    "brain MRI": {"bone", "oedema", "solid nodule", "nodule", "optic disc", "retina"},
    "head CT": {"bone", "oedema", "solid nodule", "nodule", "tumour", "haemorrhage", "subdural haematoma", "infarct"},
    "chest CT": {"heart", "bone", "tumour", "solid nodule", "consolidation"},
    "abdominal CT": {"bone", "heart", "gallbladder", "gallstone", "nodule", "solid nodule", "lung"},
    "ultrasound": {"tumour", "nodule", "bone", "brain", "liver", "kidney"},
    "fundus photograph": {"retina", "haemorrhage", "oedema"},
    "dermoscopy image": {"tumour", "nodule", "solid nodule"},
    "agar plate": {"bacteria"},
    "blood smear": {"nuclei"},
    "H&E tissue section": {"tumour", "white blood cell", "red blood cells", "cyst", "breast", "liver", "kidney"},
    "immunohistochemistry": {"tumour", "white blood cell", "red blood cells", "cyst", "breast", "liver", "kidney"},
    "electron micrograph": {"nuclei"},
    "nuclei": {"tumour", "glands", "white blood cell", "cyst", "brain"},
    "fluorescence microscopy of nuclei": {"glands"},
}


def names_of(kind, target):
    return [*NAMES[target], *KIND_NAMES.get((kind, target), [])]


def phrase(rng, kind, target):
    """A prompt for a target: its name alone or in a picture's words; half of the time the first name, which people will type."""
    names = names_of(kind, target)
    name = names[0] if rng.random() < 0.4 else names[rng.integers(len(names))]
    words = KINDS[kind][1]
    place = words[rng.integers(len(words))]
    forms = ["{n}", "{n}", "{n}", "{n} in {p}", "{n} in {p}", "the {n}", "{n} on {p}", "{p}: {n}", "{n} in a {p}", "segment the {n}"]
    return forms[rng.integers(len(forms))].format(n=name, p=place)


def all_phrases():
    """Everything that `phrase` can say, for the vocabulary."""
    names = {name for many in [*NAMES.values(), *KIND_NAMES.values()] for name in many}
    places = {place for _, words in KINDS.values() for place in words}
    return [*names, *places, *(f"the {name} in a picture" for name in names), *(f"segment the {name} on {place}" for name in names for place in places)]
