"""What the official code of BiomedParse v1 imports and inference does not need, and the little of detectron2 that it does.

detectron2 is not on PyPI. Its parts on the path of inference stand in tools/detectron2_parts.py. Every other missing module is a
mock: whatever called it would show in the numbers, or fail.
"""

import sys
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from unittest.mock import MagicMock

from torch import nn

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from detectron2_parts import LAYERS, ImageList, ShapeSpec, stay_on_cpu  # noqa: E402

MOCKED = {"kornia", "nltk", "mpi4py", "cv2", "pycocotools", "panopticapi", "matplotlib", "pandas", "pydicom", "nibabel", "SimpleITK",
          "detectron2", "MultiScaleDeformableAttention"}


class Backbone(nn.Module):
    size_divisibility = 0


class MockedModules(MetaPathFinder, Loader):
    def find_spec(self, name, path, target=None):
        return ModuleSpec(name, self, is_package=True) if name.split(".")[0] in MOCKED else None

    def create_module(self, spec):
        return MockedModule(spec.name)

    def exec_module(self, module):
        known = {"detectron2.layers": LAYERS,
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
    stay_on_cpu()
