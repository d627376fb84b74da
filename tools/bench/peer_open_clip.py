"""The rival of `figseek bench embed`: the official open_clip classes in PyTorch, on the same checkpoint and the same threads.

usage: peer_open_clip.py FOLDER [--threads 2] [--batches 1 8 16] [--seconds 10]
       peer_open_clip.py FOLDER --turns [--threads 2]     for side-by-side.mjs: a line “images 8”, “captions 8” or “padded 8” on standard input is
                                                          answered by the seconds of the wall clock and of the CPU
FOLDER: as `tools/full-size/check.mjs --keep FOLDER` writes it, or an open_clip folder with config.json
needs tools/bench/requirements.txt (or tools/starter/requirements.txt: the versions of the model card); prints a JSON line a batch
"""

import argparse
import functools
import json
import os
import sys
import time
from pathlib import Path

import timm
import torch
from open_clip.model import CustomTextCLIP
from safetensors.torch import load_file

# As in src/bench/embed-inputs.ts.
LENGTHS = [55, 13, 90, 42, 185, 21, 60, 33, 26, 120, 48, 75, 10, 66, 38, 101, 24, 256, 45, 16, 82, 52, 29, 142, 36, 63, 19, 57, 95,
           40, 71, 31]


def official_model(folder):
    config = json.loads((folder / "open_clip_config.json").read_text())["model_cfg"]
    sizes = config["vision_cfg"]
    if "width" in sizes:
        # open_clip names a timm model; the small member of the family differs from it in these sizes only.
        timm.create_model = functools.partial(timm.create_model, patch_size=sizes["patch_size"], embed_dim=sizes["width"],
                                              depth=sizes["layers"], num_heads=sizes["heads"])
    text = config["text_cfg"] | {"hf_model_name": str(folder), "hf_tokenizer_name": str(folder)}
    vision = {key: value for key, value in sizes.items() if key.startswith("timm") or key == "image_size"}
    return CustomTextCLIP(config["embed_dim"], vision, text | {"hf_model_pretrained": False}).eval(), config


def state_of(folder):
    safetensors = folder / "open_clip_model.safetensors"
    if safetensors.exists():
        return load_file(safetensors)
    return torch.load(folder / "open_clip_pytorch_model.bin", map_location="cpu")


def padded(lengths, width):
    """Token ids of these lengths, padded with 0 as open_clip's tokenizer does."""
    ids = torch.zeros(len(lengths), width, dtype=torch.int64)
    for row, length in enumerate(lengths):
        ids[row, :length] = torch.arange(length) % 100 + 5
    return ids


def in_batches(lengths, batch, width=None):
    parts = [lengths[start:start + batch] for start in range(0, len(lengths), batch)]
    return [padded(part, width or max(part)) for part in parts]


@torch.inference_mode()
def rate(work, inputs, seconds):
    work()
    started, rounds = time.perf_counter(), 0
    while time.perf_counter() - started < seconds:
        work()
        rounds += 1
    return round(rounds * inputs / (time.perf_counter() - started), 2)


@torch.inference_mode()
def take_turns(model, lengths, context, texts):
    print("ready", flush=True)
    for line in sys.stdin:
        kind, batch = line.split()
        images = torch.rand(int(batch), 3, 224, 224)
        captions = in_batches(sorted(lengths), int(batch), context if kind == "padded" else None)
        wall, cpu = time.perf_counter(), time.process_time()
        if kind == "images":
            model.encode_image(images, normalize=True)
        else:
            texts(captions)
        print(time.perf_counter() - wall, time.process_time() - cpu, flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--batches", type=int, nargs="+", default=[1, 8, 16])
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--turns", action="store_true")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    model, config = official_model(args.folder)
    model.load_state_dict({name: value.float() for name, value in state_of(args.folder).items()}, strict=False)
    context = config["text_cfg"]["context_length"]
    lengths = [min(length, context) for length in LENGTHS]

    @torch.inference_mode()
    def texts(batches):
        for ids in batches:
            model.encode_text(ids, normalize=True)

    if args.turns:
        return take_turns(model, lengths, context, texts)
    for batch in args.batches:
        images = torch.rand(batch, 3, 224, 224)
        # What open_clip's tokenizer gives: every text padded to the whole context. Beside it, padded to the longest.
        practice, arrival, by_length = (in_batches(lengths, batch, context), in_batches(lengths, batch),
                                        in_batches(sorted(lengths), batch))
        print(json.dumps({
            "peer": "open_clip", "torch": torch.__version__, "threads": args.threads, "batch": batch,
            "imagesPerSecond": rate(lambda: model.encode_image(images, normalize=True), batch, args.seconds),
            "captionsPaddedToContextPerSecond": rate(lambda: texts(practice), len(lengths), args.seconds),
            "captionsPerSecond": rate(lambda: texts(arrival), len(lengths), args.seconds),
            "captionsByLengthPerSecond": rate(lambda: texts(by_length), len(lengths), args.seconds),
            "load": os.getloadavg()[0]}), flush=True)


main()
