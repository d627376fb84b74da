"""Golden outputs of tiny open_clip models with CLIP's text tower, for test/golden/open-clip.spec.ts.

usage: open_clip_pairs.py FOLDER        (the repository's is test/golden/open-clip)
needs tools/golden/requirements.txt. Weights follow a rule that any language computes, so none are stored.
"""

import gzip
import json
import math
import sys
import tempfile
from pathlib import Path

import numpy as np
import open_clip
import torch
from open_clip.tokenizer import SimpleTokenizer

from byte_pairs import train_merges, vocabulary
from rule import mixed, ruled_state

MERGES = 200
TEXTS = [
    "",
    "chest CT",
    "H&E of ductal carcinoma with necrosis",
    "It's the patient's MRI; they've 3 lesions, 12.5 mm",
    "β-actin &amp; TNF-α, 50 µm “scale bar”",
    "  spaces \n and\ttabs  ",
    "ΣΊΣΥΦΟΣ İstanbul naïve cafe\u0301",
    "肺部 CT 影像 🫁",
    "spiculated mass in the left upper lobe " * 9,
]
# `cfg` as in open_clip_config.json; widths are small, and no two the same where the official code allows it.
VARIANTS = {
    "clip": {
        "embed_dim": 48,
        "quick_gelu": True,
        "vision_cfg": {"image_size": 32, "layers": 2, "width": 128, "patch_size": 16},
        "text_cfg": {"context_length": 20, "width": 64, "heads": 4, "layers": 2},
    },
    "custom": {
        "embed_dim": 40,
        "custom_text": True,
        "vision_cfg": {"image_size": 48, "layers": 3, "width": 96, "patch_size": 16, "head_width": 32, "mlp_ratio": 2.0},
        "text_cfg": {"context_length": 77, "width": 80, "heads": 5, "layers": 1},
    },
    "timm": {
        "embed_dim": 32,
        "custom_text": True,
        "vision_cfg": {"image_size": 224, "timm_model_name": "vit_tiny_patch16_224", "timm_model_pretrained": False,
                       "timm_pool": "", "timm_proj": "linear"},
        "text_cfg": {"context_length": 16, "width": 64, "heads": 1, "layers": 2},
    },
}
MEAN, STD = [0.48145466, 0.4578275, 0.40821073], [0.26862954, 0.26130258, 0.27577711]


def main():
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    merges = train_merges(MERGES)
    (folder / "merges.txt").write_text("#version: 0.2\n" + "\n".join(merges) + "\n", "utf-8")
    with tempfile.NamedTemporaryFile(suffix=".gz") as file:
        Path(file.name).write_bytes(gzip.compress(("#version: 0.2\n" + "\n".join(merges)).encode()))
        tokenizers = {name: SimpleTokenizer(file.name, context_length=cfg["text_cfg"]["context_length"]) for name, cfg in VARIANTS.items()}
    # Checkpoints on the hub come with the names that transformers gives the two special tokens.
    names = {"<start_of_text>": "<|startoftext|>", "<end_of_text>": "<|endoftext|>"}
    tokens = {names.get(token, token): at for token, at in tokenizers["clip"].encoder.items()}
    assert tokens == vocabulary(merges)
    (folder / "vocab.json").write_text(json.dumps(tokens, ensure_ascii=False) + "\n", "utf-8")
    variants = [case(name, cfg, tokenizers[name]) for name, cfg in VARIANTS.items()]
    versions = {"open_clip": open_clip.__version__, "torch": torch.__version__.split("+")[0]}
    (folder / "cases.json").write_text(json.dumps({"versions": versions, "variants": variants}, ensure_ascii=False) + "\n", "utf-8")


def case(name, cfg, tokenizer):
    cfg = json.loads(json.dumps(cfg))
    cfg["text_cfg"]["vocab_size"] = len(tokenizer.encoder)
    kinds = {**cfg}
    custom, quick = kinds.pop("custom_text", False), kinds.pop("quick_gelu", False)
    build = open_clip.CustomTextCLIP if custom else open_clip.CLIP
    model = build(embed_dim=cfg["embed_dim"], vision_cfg=cfg["vision_cfg"], text_cfg=cfg["text_cfg"], quick_gelu=quick).eval()
    state = model.state_dict()
    tensors = ruled_state(state, rule)
    model.load_state_dict(state)
    size = cfg["vision_cfg"]["image_size"]
    pixels = [picture(i, size) for i in range(4)]
    batch = torch.from_numpy(np.stack(pixels)).permute(0, 3, 1, 2).float() / 255
    batch = (batch - torch.tensor(MEAN).view(3, 1, 1)) / torch.tensor(STD).view(3, 1, 1)
    ids = tokenizer(TEXTS)
    with torch.no_grad():
        images, texts = model.encode_image(batch, normalize=True), model.encode_text(ids, normalize=True)
    end = tokenizer.eot_token_id
    rows = [row[: row.index(end) + 1] for row in ids.tolist()]
    return {
        "name": name,
        "config": {"model_cfg": cfg, "preprocess_cfg": {"mean": MEAN, "std": STD, "interpolation": "bicubic", "resize_mode": "shortest"}},
        "tensors": tensors,
        "images": [rounded(embedding) for embedding in images],
        "texts": [{"text": t, "ids": r, "embedding": rounded(e)} for t, r, e in zip(TEXTS, rows, texts)],
    }


def rule(key, shape):
    """Offset and scale: as large as keeps the blocks from being swamped by what goes round them."""
    if key == "logit_scale":
        return math.log(1 / 0.07), 0.0
    if key.endswith("bias"):
        return 0.0, 0.1
    if len(shape) == 1 and key.endswith("weight"):
        return 1.0, 0.2
    if "embedding" in key or "pos_embed" in key or "cls_token" in key:
        return 0.0, 0.5
    fan_in = shape[0] if key.endswith(("proj", "projection")) and len(shape) == 2 else math.prod(shape[1:])
    return 0.0, (2.0 if "in_proj" in key or "qkv" in key else 1.0) * math.sqrt(3 / fan_in)


def picture(index, size):
    """Noise on stripes whose direction depends on the index: uint8 [size, size, 3]."""
    y, x, c = np.mgrid[:size, :size, :3]
    stripes = (x * index * 5 + y * 3 + c * 20) % 150
    return (stripes + (mixed(index, size * size * 3) >> 26).reshape(size, size, 3).astype(np.int64)).astype(np.uint8)


def rounded(vector):
    return [round(float(v), 7) for v in vector]


if __name__ == "__main__":
    main()
