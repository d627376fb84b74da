"""What the starter model is trained on: pictures, their attributes, and the texts that are true of them."""

import hashlib
import json
import re
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PIL import Image

SIDE = 256
LABELS = ["RBC", "WBC", "platelets", "nuclei", "chest radiograph", "AP", "blood smear"]


def split_of(figure_id):
    """test: first byte of SHA-256(id) below 40 (never trained on); val: second byte below 16, carved from the rest."""
    digest = hashlib.sha256(figure_id.encode()).digest()
    return "test" if digest[0] < 40 else "val" if digest[1] < 16 else "train"


@dataclass
class Text:
    words: str
    # The text is true of every figure that has all of these attributes; a caption needs the figure's own id.
    needs: frozenset
    weight: float = 1.0


@dataclass
class Figure:
    id: str
    path: Path
    split: str
    attributes: frozenset
    caption: str
    labels: list
    texts: list = field(default_factory=list)
    turnable: bool = False
    drawn: bool = False


def sentences(text):
    return [part.strip() for part in re.split(r"(?<=[.!?;])\s+(?=[A-Z(])", text) if len(part.strip()) > 25]


def attribute_of(label):
    return {"platelets": "Platelets"}.get(label, label)


NAMES = {"RBC": ["RBC", "red blood cells", "erythrocytes (RBC)"],
         "WBC": ["WBC", "white blood cell", "leukocytes (WBC)"],
         "Platelets": ["platelets", "Platelets", "thrombocytes (platelets)"]}


def label_texts(labels):
    """Phrases for figures that come with labels only; each is true of all figures with the labels it names."""
    texts = []

    def say(needs, *phrases, weight=1.0):
        texts.extend(Text(phrase, frozenset(needs), weight / len(phrases)) for phrase in phrases)

    cells = [label for label in labels if label in NAMES]
    for label in cells:
        say([label], *NAMES[label], f"micrograph with {label}", f"{NAMES[label][1]} under the microscope", weight=2)
    if len(cells) > 1:
        say(cells, "blood cells: " + ", ".join(cells), " and ".join(NAMES[c][1] for c in cells), weight=1)
    if "nuclei" in labels:
        say(["nuclei"], "nuclei", "cell nuclei", "fluorescence microscopy of nuclei", "microscopy image of stained cell nuclei",
            "nuclei of cells", "segmented nuclei, microscopy", weight=2)
    if "chest" in labels:
        say(["chest"], "chest radiograph", "chest X-ray", "radiograph of the chest", "chest x-ray image of the lungs", "radiograph", weight=2)
        view = "AP" if "AP" in labels else "PA"
        long = "anteroposterior" if view == "AP" else "posteroanterior"
        say(["chest", view], view, f"chest radiograph, {view} view", f"{view} chest X-ray", f"{long} chest radiograph", f"{view} view", weight=2)
    if "blood smear" in labels:
        cell = next((label for label in labels if label != "blood smear"), "")
        say(["blood smear"], "blood smear", "stained blood smear", "peripheral blood smear", weight=2)
        say([cell], cell, f"blood smear with a {cell}", f"{cell} in a blood smear", f"{cell}, peripheral blood smear", weight=2)
    return texts


def real_figures(folder, test=False):
    for line in (folder / "figures.jsonl").read_text().splitlines():
        record = json.loads(line)
        split = split_of(record["id"])
        if (split == "test") != test:
            continue
        labels, caption, alt = record["labels"], record.get("caption", ""), record.get("alt", "")
        modality = record.get("modality")
        attributes = {record["id"], *labels, *([f"is {modality}"] if modality else [])}
        figure = Figure(record["id"], folder / record["image"], split, frozenset(attributes), caption, labels)
        own = frozenset([record["id"]])
        if caption or alt:
            for text, weight in ((caption, 3), (alt, 2)):
                if not text:
                    continue
                figure.texts.append(Text(text, own, weight))
                parts = sentences(text)
                figure.texts += [Text(part, own, weight * 0.5 / len(parts)) for part in parts]
            if record.get("figtitle"):
                figure.texts.append(Text(record["figtitle"], own, 1))
            figure.texts += [Text(label, frozenset([label]), 0.4 / len(labels)) for label in labels]
            if modality:
                figure.texts.append(Text(modality.replace("-", " "), frozenset([f"is {modality}"]), 0.15))
        else:
            figure.texts = label_texts(labels)
        figure.turnable = record["id"].startswith(("pbc", "bccd", "dsb"))
        yield figure


def drawn_figures(folder):
    for part in sorted(folder.glob("figures*.jsonl")):
        for line in part.read_text().splitlines():
            record = json.loads(line)
            kind = record["labels"][0]
            labels = [attribute_of(label) for label in record["labels"]]
            extra = {"chest radiograph": ["chest", "radiograph"], "fluorescence microscopy of nuclei": ["nuclei"]}.get(kind, [])
            figure = Figure(record["id"], folder / record["image"], "train", frozenset([record["id"], *labels, *extra]),
                            record["caption"], labels, drawn=True)
            figure.texts = [Text(record["caption"], frozenset([record["id"]]), 3), Text(kind, frozenset([kind]), 1),
                            Text(", ".join(record["labels"]), frozenset(labels), 1)]
            figure.turnable = kind in {"blood smear", "H&E tissue section", "immunohistochemistry", "dermoscopy image"} or "nuclei" in kind
            yield figure


def pixels_of(path):
    """Shortest side to 256, as the product sees it; a long figure keeps its middle, at most 1:1.35."""
    image = Image.open(path).convert("RGB")
    zoom = SIDE / min(image.size)
    image = image.resize([max(SIDE, round(n * zoom)) for n in image.size], Image.BICUBIC)
    limit = int(SIDE * 1.35)
    left, top = [max(0, (n - limit) // 2) for n in image.size]
    return np.asarray(image.crop((left, top, image.width - left, image.height - top)))


def center(pixels, size=224):
    """The product's preprocessing: shortest side to `size` (Pillow bicubic), then the middle square."""
    image = Image.fromarray(pixels)
    short = min(image.size)
    image = image.resize([int(size * n / short) for n in image.size], Image.BICUBIC)
    left, top = [round((n - size) / 2) for n in image.size]
    return np.array(image.crop((left, top, left + size, top + size)))


def crop_of(path):
    return center(np.array(Image.open(path).convert("RGB")))
