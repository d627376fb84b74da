"""The parts of detectron2 (not on PyPI) that the official code of BiomedParse v1 computes with, with the same meaning in eval mode.

Used by the makers of the golden files (tools/golden) and by the benchmark beside the official code (tools/bench).
"""

from typing import NamedTuple, Optional

import torch
from torch import nn
from torch.nn import functional


class Conv2d(nn.Conv2d):
    """detectron2.layers.Conv2d: a convolution, then its norm, then its activation."""

    def __init__(self, *args, norm=None, activation=None, **options):
        super().__init__(*args, **options)
        self.norm, self.activation = norm, activation

    def forward(self, x):
        x = super().forward(x)
        x = x if self.norm is None else self.norm(x)
        return x if self.activation is None else self.activation(x)


def get_norm(norm, channels):
    """detectron2.layers.get_norm for "GN": 32 groups."""
    if norm != "GN":
        raise ValueError(f"expected the norm GN but received {norm}")
    return nn.GroupNorm(32, channels)


class ShapeSpec(NamedTuple):
    """detectron2.layers.ShapeSpec"""

    channels: Optional[int] = None
    height: Optional[int] = None
    width: Optional[int] = None
    stride: Optional[int] = None


class ImageList:
    """detectron2.structures.ImageList of images of one size, padded at the right and at the bottom to a multiple of `divisor`."""

    def __init__(self, tensor):
        self.tensor = tensor

    @staticmethod
    def from_tensors(tensors, divisor):
        height, width = tensors[0].shape[-2:]
        padding = (0, -width % divisor, 0, -height % divisor)
        return ImageList(torch.stack([functional.pad(tensor, padding) for tensor in tensors]))


LAYERS = {"Conv2d": Conv2d, "get_norm": get_norm, "ShapeSpec": ShapeSpec}


def stay_on_cpu():
    """The official code asks for CUDA by name; every tensor stays on the CPU."""
    torch.cuda.current_device = lambda: torch.device("cpu")
    torch.Tensor.cuda = lambda self, *_args, **_options: self
