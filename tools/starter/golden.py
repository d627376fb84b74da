"""Check numbers for the product's own code: what this checkpoint says of three texts and of the first drawn figures."""

import argparse
import hashlib
import json
from pathlib import Path

import torch

from corpus import crop_of
from evaluate import embed_images
from tower import load_open_clip, token_ids

TEXTS = ["blood smear", "Chest radiograph, AP view", "Axial FLAIR brain MRI showing a bright tumour in the left hemisphere."]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path, help="open_clip folder")
    parser.add_argument("drawn", type=Path, help="folder of export-drawn.mjs with seed 1")
    parser.add_argument("out", type=Path)
    args = parser.parse_args()
    model, tokenizer = load_open_clip(args.model)
    texts, images = [], []
    for words in TEXTS:
        ids = token_ids(tokenizer, [words])
        with torch.inference_mode():
            texts.append({"text": words, "ids": ids[0].tolist(), "embedding": [round(v, 7) for v in model.texts(ids)[0].tolist()]})
    for line in (args.drawn / "figures.jsonl").read_text().splitlines()[:2]:
        record = json.loads(line)
        crop = crop_of(args.drawn / record["image"])
        images.append({"id": record["id"], "crop_sha256": hashlib.sha256(crop.tobytes()).hexdigest(),
                       "embedding": [round(v, 7) for v in embed_images(model, [crop])[0].tolist()]})
    note = "fp32 arithmetic on the fp16-rounded weights; crop: 224 x 224 x 3 RGB bytes, row-major; unit embeddings"
    scale = float(model.logit_scale.detach())
    args.out.write_text(json.dumps({"note": note, "logit_scale": scale, "texts": texts, "images": images}, indent=1) + "\n")


if __name__ == "__main__":
    main()
