"""Caches pixels, texts, the vocabulary and what the two teachers say. Test figures are not read."""

import argparse
import pickle
from pathlib import Path

import torch
from tokenizers import BertWordPieceTokenizer

from corpus import LABELS, center, drawn_figures, pixels_of, real_figures
from teachers import image_features, text_features

GENERAL = """radiograph x-ray mri ct ultrasound scan tomography histology pathology tumour tumor cancer lesion fracture
pneumonia oedema edema haemorrhage hemorrhage infarct nodule effusion cardiomegaly pneumothorax consolidation fundus retina
retinopathy glaucoma melanoma naevus nevus dermoscopy mammogram ecg electrocardiogram eeg karyotype chromosome western blot gel
electrophoresis agarose pcr protein gene expression heat map volcano plot bar chart box survival kaplan meier curve flow
cytometry phylogenetic tree fluorescence confocal microscopy electron micrograph bacteria virus fungus parasite cell nuclei
mitochondria membrane tissue epithelium muscle neuron brain heart lung liver kidney spleen stomach intestine bone skull spine
skin eye ear artery vein blood lymphocyte neutrophil monocyte eosinophil basophil erythroblast platelet leukocyte erythrocyte
immunohistochemistry stain haematoxylin eosin gram giemsa antibody antigen immune infection vaccine drug dose response patient
anteroposterior posteroanterior lateral axial sagittal coronal left right anterior posterior superior inferior"""


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--drawn", type=Path, required=True, help="folder written by export-drawn.mjs")
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--vocabulary", type=int, default=4000)
    args = parser.parse_args()
    torch.set_num_threads(2)
    args.cache.mkdir(parents=True, exist_ok=True)
    figures = [*real_figures(args.data), *drawn_figures(args.drawn)]
    texts = sorted({text.words for figure in figures for text in figure.texts} | set(LABELS))
    print(len(figures), "figures,", len(texts), "texts", flush=True)
    trainer = BertWordPieceTokenizer(lowercase=True)
    trainer.train_from_iterator([*texts, *([GENERAL] * 3)], vocab_size=args.vocabulary, min_frequency=2,
                                special_tokens=["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"], show_progress=False)
    words = sorted(trainer.get_vocab().items(), key=lambda item: item[1])
    (args.cache / "vocab.txt").write_text("".join(f"{word}\n" for word, _ in words))
    pixels = [pixels_of(figure.path) for figure in figures]
    print("pixels cached", flush=True)
    image_teacher = image_features([center(image) for image in pixels])
    print("image teacher done", flush=True)
    text_teacher = text_features(texts)
    torch.save({"image": image_teacher, "text": text_teacher}, args.cache / "teachers.pt")
    (args.cache / "corpus.pickle").write_bytes(pickle.dumps((figures, texts, pixels)))
    print("prepared", flush=True)


if __name__ == "__main__":
    main()
