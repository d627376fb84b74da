"""The dual encoder: a small member of the BiomedCLIP family, with open_clip's state-dict names."""

import json
import re
from pathlib import Path

import torch
import torch.nn.functional as F
from timm.models.vision_transformer import VisionTransformer
from torch import nn
from transformers import BertConfig, BertModel, BertTokenizerFast

MEAN = [0.48145466, 0.4578275, 0.40821073]
STD = [0.26862954, 0.26130258, 0.27577711]
SIZES = dict(embed=256, width=192, vision_layers=5, text_layers=3, patch=32, image=224, context=77)


class Visual(nn.Module):
    def __init__(self):
        super().__init__()
        self.trunk = VisionTransformer(img_size=SIZES["image"], patch_size=SIZES["patch"], embed_dim=SIZES["width"],
                                       depth=SIZES["vision_layers"], num_heads=SIZES["width"] // 64, num_classes=0,
                                       drop_path_rate=0.1)
        self.head = nn.Sequential()
        self.head.add_module("proj", nn.Linear(SIZES["width"], SIZES["embed"], bias=False))

    def forward(self, pixels):
        return self.head(self.trunk(pixels))


class Textual(nn.Module):
    def __init__(self, vocabulary):
        super().__init__()
        width = SIZES["width"]
        self.transformer = BertModel(bert_config(vocabulary), add_pooling_layer=False)
        hidden = (width + SIZES["embed"]) // 2
        self.proj = nn.Sequential(nn.Linear(width, hidden, bias=False), nn.GELU(), nn.Linear(hidden, SIZES["embed"], bias=False))

    def forward(self, ids):
        return self.proj(self.transformer(input_ids=ids, attention_mask=(ids != 0).long()).last_hidden_state[:, 0])


class DualEncoder(nn.Module):
    def __init__(self, vocabulary):
        super().__init__()
        self.visual = Visual()
        self.text = Textual(vocabulary)
        self.logit_scale = nn.Parameter(torch.tensor(2.6593))

    def images(self, pixels):
        return F.normalize(self.visual(pixels), dim=-1)

    def texts(self, ids):
        return F.normalize(self.text(ids), dim=-1)


def bert_config(vocabulary):
    return BertConfig(vocab_size=vocabulary, hidden_size=SIZES["width"], num_hidden_layers=SIZES["text_layers"],
                      num_attention_heads=SIZES["width"] // 64, intermediate_size=SIZES["width"] * 4,
                      max_position_embeddings=SIZES["context"], hidden_act="gelu", layer_norm_eps=1e-12)


def tokenizer_of(vocabulary_file):
    return BertTokenizerFast(vocab_file=str(vocabulary_file), do_lower_case=True)


def token_ids(tokenizer, texts, limit=SIZES["context"]):
    cleaned = [re.sub(r"\s+", " ", text).strip() for text in texts]
    return tokenizer(cleaned, padding=True, truncation=True, max_length=limit, return_tensors="pt")["input_ids"]


def normalized(pixels):
    """uint8 [n, size, size, 3] → the tower's input."""
    mean, std = torch.tensor(MEAN) * 255, torch.tensor(STD) * 255
    return ((torch.as_tensor(pixels).float() - mean) / std).permute(0, 3, 1, 2).contiguous()


def rounded(state):
    """What is shipped: half precision, without timm's and BERT's buffers."""
    return {name: value.detach().half() for name, value in state.items() if not name.endswith("position_ids")
            and not name.endswith("token_type_ids")}


def save_open_clip(folder, state, vocabulary_file):
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    torch.save(rounded(state), folder / "open_clip_pytorch_model.bin.part")
    (folder / "open_clip_pytorch_model.bin.part").rename(folder / "open_clip_pytorch_model.bin")
    width, layers = SIZES["width"], SIZES["vision_layers"]
    words = Path(vocabulary_file).read_text()
    (folder / "vocab.txt").write_text(words)
    model = {"embed_dim": SIZES["embed"],
             "vision_cfg": {"timm_model_name": "vit_base_patch32_224", "timm_model_pretrained": False, "timm_pool": "",
                            "timm_proj": "linear", "image_size": SIZES["image"], "patch_size": SIZES["patch"],
                            "width": width, "layers": layers, "heads": width // 64},
             "text_cfg": {"hf_model_name": "figseek/starter", "hf_tokenizer_name": "figseek/starter", "hf_proj_type": "mlp",
                          "hf_pooler_type": "cls_last_hidden_state_pooler", "context_length": SIZES["context"]}}
    config = {"model_cfg": model, "preprocess_cfg": {"mean": MEAN, "std": STD}}
    (folder / "open_clip_config.json").write_text(json.dumps(config, indent=2) + "\n")
    bert = bert_config(len(words.splitlines())).to_dict() | {"architectures": ["BertModel"], "do_lower_case": True}
    (folder / "config.json").write_text(json.dumps(bert, indent=2) + "\n")


def load_open_clip(folder):
    folder = Path(folder)
    tokenizer = tokenizer_of(folder / "vocab.txt")
    model = DualEncoder(len(tokenizer)).eval()
    state = torch.load(folder / "open_clip_pytorch_model.bin", map_location="cpu")
    missing, extra = model.load_state_dict({name: value.float() for name, value in state.items()}, strict=False)
    assert not extra and all("position_ids" in name or "token_type_ids" in name for name in missing), (missing, extra)
    return model, tokenizer
