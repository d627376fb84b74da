"""What the official code of BiomedParse v1 imports and inference does not need, and the little of detectron2 that it does.

detectron2 is not on PyPI. Its parts on the path of inference are written here with the same meaning in eval mode: Conv2d
(a convolution, then its norm, then its activation), get_norm for "GN" (32 groups), ShapeSpec, Backbone, and ImageList for
pictures of one size that need no padding. Every other missing module is a mock: whatever called it would show in the numbers,
or fail. CUDA is asked for by name in the official code; here every tensor stays on the CPU.
"""

import sys
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import NamedTuple, Optional
from unittest.mock import MagicMock

import torch
from torch import nn

MOCKED = {"kornia", "nltk", "mpi4py", "cv2", "pycocotools", "panopticapi", "matplotlib", "pandas", "pydicom", "nibabel", "SimpleITK",
          "detectron2", "MultiScaleDeformableAttention"}


class Conv2d(nn.Conv2d):
    def __init__(self, *args, norm=None, activation=None, **options):
        super().__init__(*args, **options)
        self.norm, self.activation = norm, activation

    def forward(self, x):
        x = super().forward(x)
        x = x if self.norm is None else self.norm(x)
        return x if self.activation is None else self.activation(x)


def get_norm(norm, channels):
    if norm != "GN":
        raise ValueError(f"expected GN but received {norm}")
    return nn.GroupNorm(32, channels)


class ShapeSpec(NamedTuple):
    channels: Optional[int] = None
    height: Optional[int] = None
    width: Optional[int] = None
    stride: Optional[int] = None


class Backbone(nn.Module):
    size_divisibility = 0


class ImageList:
    def __init__(self, tensor):
        self.tensor = tensor

    @staticmethod
    def from_tensors(tensors, divisor):
        if any(size % divisor for tensor in tensors for size in tensor.shape[-2:]):
            raise ValueError(f"expected sizes that {divisor} divides")
        return ImageList(torch.stack(tensors))


class MockedModules(MetaPathFinder, Loader):
    def find_spec(self, name, path, target=None):
        return ModuleSpec(name, self, is_package=True) if name.split(".")[0] in MOCKED else None

    def create_module(self, spec):
        return MockedModule(spec.name)

    def exec_module(self, module):
        known = {"detectron2.layers": {"Conv2d": Conv2d, "get_norm": get_norm, "ShapeSpec": ShapeSpec},
                 "detectron2.modeling": {"Backbone": Backbone, "ShapeSpec": ShapeSpec, "BACKBONE_REGISTRY": Registry()},
                 "detectron2.structures": {"ImageList": ImageList},
                 "matplotlib.colors": {"TABLEAU_COLORS": {str(at): "" for at in range(16)}, "BASE_COLORS": {}}}
        for name, value in known.get(module.__name__, {}).items():
            setattr(module, name, value)


class MockedModule(ModuleType):
    __path__ = []

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return MagicMock(name=f"{self.__name__}.{name}")


class Registry:
    def register(self):
        return lambda kind: kind


def install(official_code):
    """Makes `import modeling`, `utilities` and `inference_utils` of the official code work on a machine without CUDA."""
    sys.meta_path.append(MockedModules())
    sys.path.insert(0, str(official_code))
    torch.cuda.current_device = lambda: torch.device("cpu")
    torch.Tensor.cuda = lambda self, *args, **options: self
