"""The official BiomedParse v1 network from a checkout of its code, on a CPU and without what it asks for and an answer does not need.

Stands in for timm, fvcore, transformers and others by stubs of our own, and for detectron2 by tools/detectron2_parts.py. What an answer
needs of them computes in eval mode what the originals do; the rest is never called. Tokens come in as
numbers in the place of words, and the embeddings of the 17 classes, which only `pred_logits` reads, are made up.
"""

import contextlib
import importlib.abc
import importlib.machinery
import sys
import types
from pathlib import Path

import torch
import yaml
from torch import nn
from torch.nn import functional as F

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from detectron2_parts import LAYERS, ImageList, ShapeSpec, stay_on_cpu  # noqa: E402

ABSENT = {"cv2", "detectron2", "einops", "fvcore", "huggingface_hub", "kornia", "matplotlib", "mpi4py", "nltk", "omegaconf", "pandas",
          "pycocotools", "scipy", "timm", "transformers"}
CLASSES = 17
VOCABULARY = 49408


class Tokenizer:
    """transformers.CLIPTokenizer, of words that are ids already: “49406 1823 49407”."""

    vocab_size, eos_token = VOCABULARY, "end"

    @classmethod
    def from_pretrained(cls, *_args, **_kwargs):
        return cls()

    def add_special_tokens(self, *_args):
        pass

    def __call__(self, texts, max_length, **_kwargs):
        ids = torch.full((len(texts), max_length), VOCABULARY - 1)
        mask = torch.zeros(len(texts), max_length, dtype=torch.int64)
        for row, text in enumerate(texts):
            words = [int(word) for word in text.split()]
            ids[row, :len(words)] = torch.tensor(words)
            mask[row, :len(words)] = 1
        return {"input_ids": ids, "attention_mask": mask}


class NoModel:
    """transformers.AutoModel: the second text encoder, which the released settings do not use."""

    from_pretrained = staticmethod(lambda *_args, **_kwargs: nn.Identity())


class Anything(nn.Module):
    """What is named while the code is read, and never called."""


REAL = {
    "detectron2.layers": LAYERS,
    "detectron2.modeling": {"ShapeSpec": ShapeSpec, "Backbone": nn.Module},
    "detectron2.structures": {"ImageList": ImageList},
    "fvcore.nn.weight_init": {"c2_xavier_fill": lambda _layer: None},
    "timm.models.layers": {"DropPath": lambda *_args: nn.Identity(), "to_2tuple": lambda x: (x, x),
                           "trunc_normal_": nn.init.trunc_normal_},
    "transformers": {"CLIPTokenizer": Tokenizer, "AutoModel": NoModel},
}


class Stub(types.ModuleType):
    __path__ = []

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return REAL.get(self.__name__, {}).get(name, Anything)


class Stubs(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, name, _path=None, _target=None):
        return importlib.machinery.ModuleSpec(name, self, is_package=True) if name.split(".")[0] in ABSENT else None

    def create_module(self, spec):
        return Stub(spec.name)

    def exec_module(self, module):
        pass


def official_network(checkout, weights):
    """@param checkout a folder with the official code @param weights biomedparse_v1.pt of the released sizes"""
    # torchvision looks for some of these itself: it has to see that they are not there before they are.
    import torchvision  # noqa: F401

    sys.meta_path.insert(0, Stubs())
    sys.path.insert(0, str(checkout))
    stay_on_cpu()
    # What the official code prints while it is read is no answer of ours.
    with contextlib.redirect_stdout(sys.stderr):
        from modeling import build_model

    options = yaml.safe_load((checkout / "configs" / "biomedparse_inference.yaml").read_text())
    # The weights are read anyway: nothing is drawn at random first.
    nn.init.trunc_normal_ = lambda tensor, *_args, **_kwargs: tensor
    network = build_model(options).eval()
    state = torch.load(weights, map_location="cpu", weights_only=True)
    missing = network.load_state_dict(state, strict=False)
    read_by_an_answer = [key for key in missing.missing_keys if not is_left_out(key)]
    if read_by_an_answer or missing.unexpected_keys:
        raise ValueError(f"the checkpoint does not fit: {read_by_an_answer[:3]} are missing, {missing.unexpected_keys[:3]} are not known")
    network.task_switch["spatial"] = False
    language = network.sem_seg_head.predictor.lang_encoder
    language.default_text_embeddings = F.normalize(torch.rand(CLASSES, language.lang_proj.shape[1]), dim=-1)
    return network


def is_left_out(key):
    """Clicks and strokes: the made-up checkpoint has no weights for them."""
    return any(name in key for name in ("dilation_kernel", "pn_indicator", "mask_sptial_embed", "spatial_embed", "spatial_featured"))
