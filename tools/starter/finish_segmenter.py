"""From a training checkpoint to the folder that `figseek models import` reads: weights, sizes, words, and how right masks look."""

import argparse
import json
import shutil
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
import yaml

from byte_pairs import BytePairs
from prompts import KINDS, names_of
from segmenter import MEAN, SIZES, STD, Segmenter, save_checkpoint
from train_segmenter import Pictures, padded_ids

WARNING = ("The starter segmenter is for trying the software, not for work: it has seen drawings made by code and 69 pictures of stained nuclei. "
           "Get BiomedParse for anything else (README.md).")


def configuration(s):
    """The released file's form, as far as it is read, and what our own weights add to it."""
    focal = dict(PATCH_SIZE=4, EMBED_DIM=s["embed"], DEPTHS=s["depths"], FOCAL_LEVELS=s["levels"], FOCAL_WINDOWS=s["windows"], MLP_RATIO=4.0,
                 PATCH_NORM=True, USE_CONV_EMBED=True, SCALING_MODULATOR=True, USE_POSTLN=True, USE_POSTLN_IN_MODULATION=False, USE_LAYERSCALE=True)
    text = dict(ARCH="vlpencoder", NAME="transformer", TOKENIZER="clip", CONTEXT_LENGTH=s["context"], WIDTH=s["text_width"],
                HEADS=s["text_heads"], LAYERS=s["text_layers"], AUTOGRESSIVE=True)
    encoder = dict(NAME="transformer_encoder_fpn", CONVS_DIM=s["width"], MASK_DIM=s["width"], NORM="GN", TRANSFORMER_ENC_LAYERS=s["encoder_layers"])
    decoder = dict(NAME="seem_demo", HIDDEN_DIM=s["width"], NUM_OBJECT_QUERIES=s["queries"], NHEADS=s["heads"], DIM_FEEDFORWARD=s["feed_forward"],
                   PRE_NORM=False, ENFORCE_INPUT_PROJ=False, SIZE_DIVISIBILITY=32, DEC_LAYERS=s["decoder_layers"] + 1)
    both = ["queries_object", "tokens_grounding"]
    return dict(
        FIGSEEK=dict(SOURCE="figseek/starter-segmenter", LICENSE="Apache-2.0", WARNING=WARNING, IMAGE_SIZE=s["image"]),
        MODEL=dict(NAME="seem_model_demo", HEAD="xdecoder_head", DIM_PROJ=s["width"], TEXT=text, BACKBONE=dict(NAME="focal", FOCAL=focal),
                   ENCODER=encoder, DECODER=decoder),
        ATTENTION_ARCH=dict(SELF_ATTENTION=dict(queries=dict(object=both), tokens=dict(grounding=both)),
                            CROSS_ATTENTION=dict(queries=dict(object=True), tokens=dict(grounding=False))),
        INPUT=dict(PIXEL_MEAN=MEAN, PIXEL_STD=STD))


def means_inside(logits, pixels):
    """Mean probability, red, green and blue of a mask as src/masks/statistics/plausibility.ts takes them; None where nothing is drawn."""
    levels = logits.sigmoid() * 255
    inside = levels >= 128
    if not inside.any():
        return None
    return [float(levels[inside].mean()) / 256, *(float(channel[inside].mean()) / 256 for channel in pixels)]


def beta_of(values):
    """Beta(a, b) of the same mean and variance; the variance is kept above that of 5 gray levels, so that a few drawings do not decide too much."""
    mean = min(0.995, max(0.005, float(np.mean(values))))
    variance = min(max(float(np.var(values)), 0.02**2), 0.9 * mean * (1 - mean))
    total = mean * (1 - mean) / variance - 1
    return [round(mean * total, 4), round((1 - mean) * total, 4)]


@torch.no_grad()
def statistics(model, tokenizer, folder, least_dice=0.5):
    found = {}
    for pattern in ("drawn-*", "nuclei"):
        source = Pictures(folder, pattern)
        for i, row in enumerate(source.rows):
            if row["split"] != "train":
                continue
            picture = torch.from_numpy(source.pixels[i]).permute(2, 0, 1)[None].float()
            if row["side"] != SIZES["image"]:
                picture = F.interpolate(picture, (SIZES["image"],) * 2, mode="bilinear", antialias=True).round()
            names = [names_of(row["kind"], target)[0] for target in row["objects"]]
            logits, _ = model.answer(picture, padded_ids(tokenizer, names), torch.zeros(len(names), dtype=torch.long))
            big = F.interpolate(logits[:, None], picture.shape[2:], mode="bilinear", align_corners=False)[:, 0]
            truths = torch.from_numpy(source.truths(i).astype(np.float32))[:, None] / 255
            truths = F.interpolate(truths, picture.shape[2:], mode="bilinear", align_corners=False)[:, 0] > 0.5
            for name, mine, truth in zip(names, big, truths):
                drawn = mine > 0
                dice = float(2 * (drawn & truth).sum() / (drawn.sum() + truth.sum()).clamp(min=1))
                means = means_inside(mine, picture[0])
                # Distributions of right masks: a wrong one would widen them.
                if dice >= least_dice and means is not None:
                    found.setdefault(KINDS[row["kind"]][0], {}).setdefault(name, []).append(means)
    return {kind: {name: [beta_of(column) for column in zip(*rows)] for name, rows in sorted(names.items()) if len(rows) >= 8}
            for kind, names in sorted(found.items())}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoint", type=Path, help="of train_segmenter.py")
    parser.add_argument("--data", type=Path, required=True, help="what it was trained on")
    parser.add_argument("--words", type=Path, required=True, help="folder of vocab.json and merges.txt")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    torch.set_num_threads(2)
    tokenizer = BytePairs(args.words)
    model = Segmenter(len(tokenizer.ids)).eval()
    # What is shipped is half precision: the statistics are of that.
    state = {name: value.half().float() for name, value in torch.load(args.checkpoint)["average"].items()}
    model.load_state_dict(state)
    args.out.mkdir(parents=True, exist_ok=True)
    save_checkpoint(args.out / "biomedparse_v1.pt", state)
    (args.out / "config.yaml").write_text(yaml.safe_dump(configuration(SIZES), sort_keys=False, width=1000))
    (args.out / "target_dist.json").write_text(json.dumps(statistics(model, tokenizer, args.data), indent=1) + "\n")
    for name in ("vocab.json", "merges.txt"):
        shutil.copy(args.words / name, args.out / name)


if __name__ == "__main__":
    main()
