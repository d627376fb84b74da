"""The rival of `figseek bench embed`: the official open_clip classes in PyTorch, on the same checkpoint and the same threads.

usage: peer_open_clip.py FOLDER [--threads 2] [--batch 16] [--seconds 10]
       peer_open_clip.py FOLDER --make-full-size     writes a checkpoint of BiomedCLIP's size with random weights, to measure with
needs tools/starter/requirements.txt; prints one JSON line
"""

import argparse
import functools
import json
import time
from pathlib import Path

import timm
import torch
from open_clip.model import CustomTextCLIP
from transformers import BertConfig, BertTokenizerFast

SENTENCE = "Axial CT image of the chest in a man with adenocarcinoma of the left upper lobe and pleural effusion"
FULL = {"embed_dim": 512,
        "vision_cfg": {"timm_model_name": "vit_base_patch16_224", "timm_model_pretrained": False, "timm_pool": "",
                       "timm_proj": "linear", "image_size": 224},
        "text_cfg": {"hf_model_name": "random/full-size", "hf_tokenizer_name": "random/full-size", "hf_proj_type": "mlp",
                     "hf_pooler_type": "cls_last_hidden_state_pooler", "context_length": 256}}


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


def make_full_size(folder):
    folder.mkdir(parents=True, exist_ok=True)
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *SENTENCE.lower().split()]
    words = list(dict.fromkeys(words))
    words += [f"word{i}" for i in range(30522 - len(words))]
    (folder / "vocab.txt").write_text("\n".join(words) + "\n")
    (folder / "config.json").write_text(json.dumps(BertConfig(vocab_size=30522).to_dict()))
    mean_std = {"mean": [0.48145466, 0.4578275, 0.40821073], "std": [0.26862954, 0.26130258, 0.27577711]}
    (folder / "open_clip_config.json").write_text(json.dumps({"model_cfg": FULL, "preprocess_cfg": mean_std}))
    torch.manual_seed(1)
    torch.save(official_model(folder)[0].state_dict(), folder / "open_clip_pytorch_model.bin")


@torch.inference_mode()
def rate(work, inputs, seconds):
    work()
    started, rounds = time.perf_counter(), 0
    while time.perf_counter() - started < seconds:
        work()
        rounds += 1
    return round(rounds * inputs / (time.perf_counter() - started), 2)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--make-full-size", action="store_true")
    args = parser.parse_args()
    if args.make_full_size:
        return make_full_size(args.folder)
    torch.set_num_threads(args.threads)
    model, config = official_model(args.folder)
    state = torch.load(args.folder / "open_clip_pytorch_model.bin", map_location="cpu")
    model.load_state_dict({name: value.float() for name, value in state.items()}, strict=False)
    tokenizer = BertTokenizerFast(vocab_file=str(args.folder / "vocab.txt"), do_lower_case=True)
    texts, context = [SENTENCE] * args.batch, config["text_cfg"]["context_length"]
    # What open_clip's tokenizer gives: every text padded to the whole context. Beside it, padded to the longest.
    padded = tokenizer(texts, padding="max_length", max_length=context, truncation=True, return_tensors="pt")["input_ids"]
    short = tokenizer(texts, padding=True, return_tensors="pt")["input_ids"]
    images = torch.rand(args.batch, 3, 224, 224)
    print(json.dumps({
        "peer": "open_clip", "torch": torch.__version__, "threads": args.threads, "batch": args.batch, "tokens": short.shape[1],
        "imagesPerSecond": rate(lambda: model.encode_image(images, normalize=True), args.batch, args.seconds),
        "textsPerSecond": rate(lambda: model.encode_text(padded, normalize=True), args.batch, args.seconds),
        "textsPerSecondPaddedToLongest": rate(lambda: model.encode_text(short, normalize=True), args.batch, args.seconds)}))


main()
