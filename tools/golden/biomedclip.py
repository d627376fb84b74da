"""Golden outputs of a tiny BiomedCLIP, for test/golden: the official classes with weights by rule.

usage: biomedclip.py FOLDER        (the repository's is test/golden/biomedclip)
needs tools/golden/requirements-biomed.txt. Everything is drawn or made up here: no trained weights, no published text.
"""

import hashlib
import json
import math
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

import numpy as np
import torch
from open_clip.factory import load_checkpoint
from open_clip.model import CustomTextCLIP
from open_clip.tokenizer import HFTokenizer
from open_clip.transform import image_transform
from PIL import Image, ImageOps
from timm.models import register_model
from timm.models.vision_transformer import _create_vision_transformer

from drawing import drawing
from rule import ruled_state, write_without_weights

WIDTH, LAYERS, HEADS, EMBED = 128, 2, 2, 48
MEAN, STD = [0.48145466, 0.4578275, 0.40821073], [0.26862954, 0.26130258, 0.27577711]
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
CHARACTERS = "abcdefghijklmnopqrstuvwxyz0123456789!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~αβγδκμ°±µ–×肺部像影"
WORDS = """the of and in with a an to shows image scan axial chest lung left right upper lobe liver kidney brain heart cell cells
tumor mass nodule effusion pneumonia carcinoma aden duct ##oma ##itis ##al ##ary ##s ##ing ##ed ##ation ##o ##ic ##ous ##logy ##gram
histo ##path ##immuno immun ##histo ##chemistry stain staining h e magn ##ification scale bar blot western lane protein beta actin
ct mri x ray ##ray ct-scan t1 t2 tnf il egfr kras brca ##1 ##2 ##12 ##d pd l1 sars cov anti fundus optic disc cup retina patient year
old man woman months figure fig panel arrow arrows dose mm um nm kg mg ml cafe naive resume angstrom patho ##physio ##neo ##plastic
neoplastic inflam ##mat ##ory connective tissue gland ##ular contrast enhanced lesion lesions edema polyp vessel arter ##y""".split()
TEXTS = [
    ("plain", "simple", "Axial CT of the chest with a nodule in the left upper lobe"),
    ("empty", "edge", ""),
    ("spaces", "edge", " \t\n  "),
    ("case", "simple", "CHEST X-Ray Shows PNEUMONIA"),
    ("pieces", "biomed", "Immunohistochemistry of neoplastic cells, arteritis and adenocarcinoma"),
    ("genes", "biomed", "TNF-α, IL-2, BRCA1/2 and KRAS G12D; anti-PD-L1 in SARS-CoV-2"),
    ("numbers", "biomed", "p<0.001, n=1,234; 3.5±0.2 mg/ml, 5×10^6 cells, 37 °C"),
    ("accents", "unicode", "Café naïve résumé Ångström Straße"),
    ("decomposed", "unicode", "cafe\u0301 nai\u0308ve"),
    ("chinese", "unicode", "肺部CT影像 of the 肝"),
    ("rare", "unicode", "lung 🫁 клетки שלום İstanbul"),
    ("control", "clean", "lung\x00 tumor\x07 cell\u200b scan\xad end\u2028of\u3000kidney\xa0mass"),
    ("quotes", "ftfy", "“Beta-actin” ‘lane’ isn’t ﬁgure ＣＴ"),
    ("entities", "ftfy", "TNF-&alpha; &amp; H&amp;E stain"),
    ("literal", "edge", "[CLS] lung [SEP] tumor [MASK] [PAD] [unk]"),
    ("longword", "edge", "acgt" * 30),
    ("limit", "long", "lung " * 254),
    ("long", "long", "axial ct image of the chest in a 54 year old man with a mass " * 20),
]


def main():
    folder = Path(sys.argv[1])
    (folder / "images").mkdir(parents=True, exist_ok=True)
    (folder / "expected").mkdir(exist_ok=True)
    torch.set_num_threads(1)
    write_config(folder)
    model = tiny_model(folder)
    images = image_cases(folder, model)
    texts = text_cases(folder, model)
    pairs = np.array([case["variants"]["official"]["normalized"] for case in images]) @ np.array([t["normalized"] for t in texts]).T
    cases = {
        "versions": {name: version(name) for name in ["open_clip_torch", "timm", "transformers", "torch", "torchvision", "Pillow"]},
        "logitScale": model.logit_scale.item(),
        "images": images,
        "texts": texts,
        "similarity": {"rows": "images (official)", "cols": "texts", "imageIds": [case["id"] for case in images],
                       "textIds": [case["id"] for case in texts], "cosine": [rounded(row) for row in pairs]},
    }
    (folder / "cases.json").write_text(json.dumps(cases, ensure_ascii=False, separators=(",", ":")) + "\n", "utf-8")


def write_config(folder):
    """The files that lie beside the weights. The vocabulary has what the texts need, and lacks a few letters."""
    vocabulary = SPECIAL + list(CHARACTERS) + [f"##{c}" for c in CHARACTERS if c.isalnum()]
    vocabulary += sorted(set(WORDS) - set(vocabulary))
    (folder / "vocab.txt").write_text("\n".join(vocabulary) + "\n", "utf-8")
    bert = {"architectures": ["BertForMaskedLM"], "model_type": "bert", "hidden_act": "gelu", "hidden_size": WIDTH,
            "intermediate_size": 4 * WIDTH, "layer_norm_eps": 1e-12, "max_position_embeddings": 512, "num_attention_heads": HEADS,
            "num_hidden_layers": LAYERS, "pad_token_id": 0, "type_vocab_size": 2, "vocab_size": len(vocabulary)}
    (folder / "config.json").write_text(json.dumps(bert, indent=2) + "\n")
    special = {f"{name}_token": f"[{name.upper()}]" for name in ["pad", "unk", "cls", "sep", "mask"]}
    (folder / "tokenizer_config.json").write_text(json.dumps({"do_lower_case": True, "tokenizer_class": "BertTokenizer", **special}, indent=2) + "\n")
    name = "microsoft/BiomedNLP-BiomedBERT-base-uncased-abstract"
    text = {"hf_model_name": name, "hf_tokenizer_name": name, "hf_proj_type": "mlp", "hf_pooler_type": "cls_last_hidden_state_pooler", "context_length": 256}
    vision = {"timm_model_name": "vit_base_patch16_224", "timm_model_pretrained": False, "timm_pool": "", "timm_proj": "linear", "image_size": 224}
    config = {"model_cfg": {"embed_dim": EMBED, "vision_cfg": vision, "text_cfg": text}, "preprocess_cfg": {"mean": MEAN, "std": STD}}
    (folder / "open_clip_config.json").write_text(json.dumps(config, indent=2) + "\n")


@register_model
def vit_base_patch16_224(pretrained=False, **options):
    """timm's own builder with smaller sizes, under the name that the published configuration gives."""
    sizes = {"patch_size": 16, "embed_dim": WIDTH, "depth": LAYERS, "num_heads": HEADS}
    return _create_vision_transformer("vit_base_patch16_224", pretrained=pretrained, **{**sizes, **options})


def tiny_model(folder):
    """Built and loaded as open_clip does; the text tower's configuration is read from the folder in place of the hub."""
    config = json.loads((folder / "open_clip_config.json").read_text())["model_cfg"]
    config["text_cfg"]["hf_model_name"] = str(folder)
    config["text_cfg"]["hf_model_pretrained"] = False
    model = CustomTextCLIP(**config)
    state = model.state_dict()
    rules = ruled_state(state, rule)
    # The published checkpoint was saved while transformers still kept this buffer.
    state["text.transformer.embeddings.position_ids"] = torch.arange(512)[None]
    with tempfile.TemporaryDirectory() as temporary:
        file = Path(temporary) / "open_clip_pytorch_model.bin"
        torch.save(state, file)
        write_without_weights(file, rules, folder)
        load_checkpoint(model, str(file))
    return model.eval()


def rule(key, shape):
    """Offset and scale: as large as keeps the blocks from being swamped by what goes round them."""
    if key == "logit_scale":
        return 4.4, 0.1
    if key.endswith("bias"):
        return 0.0, 0.02
    if len(shape) == 1:
        return 1.0, 0.1
    if key.endswith(("cls_token", "pos_embed")) or ".embeddings." in key:
        return 0.0, 0.05
    gain = 2.0 if any(part in key for part in [".attn.qkv.", ".attention.self.", ".mlp.fc1.", ".intermediate.dense."]) else 1.0
    return 0.0, (0.05 if ".patch_embed." in key else gain) * math.sqrt(3 / math.prod(shape[1:]))


def image_cases(folder, model):
    transform = image_transform(224, is_train=False, mean=tuple(MEAN), std=tuple(STD), resize_mode="shortest", interpolation="bicubic")
    cases = []
    for name, variants in draw_images(folder / "images").items():
        opened = Image.open(folder / "images" / name)
        case = {"id": name.replace(".", "-"), "file": f"images/{name}", "mode": opened.mode, "width": opened.width, "height": opened.height, "variants": {}}
        for variant in ["official", *variants]:
            image = VARIANTS[variant](opened)
            crop = f"expected/{case['id']}.{variant}.png"
            # The pixels of the crop, exactly: what comes after the conversion to RGB, before it is scaled and normalized.
            pixels = image
            for step in transform.transforms[:3]:
                pixels = step(pixels)
            sha256 = hashlib.sha256(np.array(pixels).tobytes()).hexdigest()
            if any(known["cropSha256"] == sha256 for known in case["variants"].values()):
                continue
            pixels.save(folder / crop, optimize=True)
            with torch.no_grad():
                [vector] = model.encode_image(transform(image)[None], normalize=True)
            case["variants"][variant] = {"crop": crop, "cropSha256": sha256, "normalized": rounded(vector)}
        cases.append(case)
    return cases


def over_white(image):
    rgba = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", rgba.size, "white"), rgba).convert("RGB")


def to_eight_bits(image):
    return Image.fromarray((np.array(image).astype(np.uint16) >> 8).astype(np.uint8)).convert("RGB")


VARIANTS = {
    "official": lambda image: image,
    "rgbFirst": lambda image: image.convert("RGB"),
    "overWhite": over_white,
    "scaledTo8bit": to_eight_bits,
    "exifApplied": lambda image: ImageOps.exif_transpose(image),
}


def draw_images(folder):
    """Draws every file; answers, by name, the ways of reading that the project follows beside the official one."""
    rgb = drawing(1, 61, 47)
    gray16 = Image.fromarray((np.array(drawing(2, 50, 70).convert("L")).astype(np.uint16) << 8) + 77)
    alpha = Image.fromarray(np.dstack([np.array(drawing(3, 64, 48)), np.array(drawing(4, 64, 48))[:, :, 0]]))
    orientation = Image.Exif()
    orientation[0x0112] = 6
    files = {
        "rgb.png": (rgb, {}, []),
        "gray.png": (drawing(5, 90, 120).convert("L"), {}, ["rgbFirst"]),
        "gray16.png": (gray16, {}, ["scaledTo8bit"]),
        "alpha.png": (alpha, {}, ["overWhite"]),
        "gray-alpha.png": (alpha.convert("LA"), {}, ["overWhite"]),
        "palette.png": (drawing(6, 80, 60).quantize(32), {}, ["rgbFirst"]),
        "palette.gif": (drawing(7, 53, 71).quantize(16), {}, ["rgbFirst"]),
        "bilevel.png": (drawing(8, 65, 65).convert("1"), {}, ["rgbFirst"]),
        "turned.jpg": (drawing(9, 72, 50), {"quality": 80, "exif": orientation}, ["exifApplied"]),
        "gray.jpg": (drawing(10, 75, 57).convert("L"), {"quality": 85}, ["rgbFirst"]),
        "progressive.jpg": (drawing(11, 83, 61), {"quality": 75, "progressive": True}, []),
        "cmyk.jpg": (drawing(12, 49, 64).convert("CMYK"), {"quality": 90}, ["rgbFirst"]),
        "lossless.webp": (drawing(13, 57, 39), {"lossless": True}, []),
        "lzw.tif": (drawing(14, 45, 58), {"compression": "tiff_lzw"}, []),
        "large.png": (drawing(15, 401, 303), {}, []),
        "wide.png": (drawing(16, 230, 31), {}, []),
        "column.png": (drawing(17, 1, 9), {}, []),
    }
    for name, (image, options, _) in files.items():
        image.save(folder / name, **options)
    return {name: variants for name, (_, _, variants) in files.items()}


def text_cases(folder, model):
    tokenizer = HFTokenizer(str(folder), context_length=256)
    cases = []
    for name, category, text in TEXTS:
        ids = tokenizer([text])
        with torch.no_grad():
            [vector] = model.encode_text(ids, normalize=True)
        row = ids[0].tolist()
        # What is left without the padding: the last [SEP] closes the text, an earlier one is written in it.
        row = row[: len(row) - row[::-1].index(SPECIAL.index("[SEP]"))]
        cases.append({"id": name, "category": category, "text": text, "ids": row, "normalized": rounded(vector)})
    return cases


def rounded(vector):
    return [round(float(v), 7) for v in vector]


if __name__ == "__main__":
    main()
