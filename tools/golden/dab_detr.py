"""Golden outputs of a narrow DAB-DETR, for test/golden: transformers' own code with weights by rule.

usage: dab_detr.py timm|resnet|full FOLDER
  timm    the backbone by timm, as the released detector has it: narrow (the repository's is test/golden/dab-detr)
  resnet  the backbone by transformers, ReLU, other temperatures: narrow (test/golden/dab-detr-resnet)
  full    the released detector's size, with its checkpoint: 175 MB, not for the repository
needs tools/golden/requirements-dab-detr.txt. Images are drawn; nothing is trained, nothing is copied.
"""

import hashlib
import json
import math
import shutil
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageDraw
from timm.models import _registry, resnet
from torchvision.ops import nms
from transformers import ConditionalDetrImageProcessor, DabDetrConfig, DabDetrForObjectDetection, ResNetConfig

from drawing import drawing
from rule import ruled_state, values, write_without_weights

SIZE = 480
# Of the detector's own code: VectorInstitute/pmc-data-extraction, split_figures.
MIN_SCORE, MAX_OVERLAP = 0.2, 0.2
# A score or an overlap that lies nearer to its threshold says nothing of a program's correctness.
MARGINS = {"timm": 2e-4, "resnet": 2e-4, "full": 2e-5}
LABELS = {"id2label": {0: "nothing", 1: "subfigure"}, "label2id": {"nothing": 0, "subfigure": 1}}
NARROW = {"hidden_size": 64, "encoder_attention_heads": 4, "decoder_attention_heads": 4, "encoder_layers": 2, "decoder_layers": 3,
          "encoder_ffn_dim": 96, "decoder_ffn_dim": 80, "num_queries": 40, "use_pretrained_backbone": False, **LABELS}
RESNET = {"embedding_size": 16, "hidden_sizes": [32, 48, 64, 128], "depths": [1, 2, 1, 1], "out_features": ["stage4"]}
# Variance of a layer's output by that of its input: so that queries and images differ from each other.
GAINS = {"backbone": 2.0, "class_embed": 30.0, "ref_point_head": 4.0, "pos_proj": 20.0, "sine_proj": 20.0, "value_proj": 9.0,
         "v_proj": 3.0, "output_proj": 2.0, "cross_attn_key_content": 9.0, "cross_attn_query_content": 9.0, "q_proj": 6.0,
         "k_proj": 6.0, "input_projection": 4.0, "bbox_embed": 0.6, "": 1.0}
# Of the class scores, so that some lie on either side of the threshold.
BIASES = {"timm": 1.1, "resnet": -4.0, "full": 3.2}
# Width and height: larger, smaller, upright, long.
IMAGES = {"timm": [(640, 400), (120, 90), (300, 700), (900, 150)], "resnet": [(500, 500), (200, 333)], "full": [(1200, 800), (400, 300)]}


def main():
    form, folder = sys.argv[1], Path(sys.argv[2])
    (folder / "images").mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    model = ruled_model(form, folder)
    processor = ConditionalDetrImageProcessor(size={"height": SIZE, "width": SIZE})
    processor.save_pretrained(folder)
    names = ["torch", "torchvision", "transformers", "timm", "Pillow", "numpy"]
    cases = {
        "versions": {name: version(name) for name in names},
        "images": [image_case(folder, (model, processor, MARGINS[form]), at, size) for at, size in enumerate(IMAGES[form])],
    }
    (folder / "cases.json").write_text(json.dumps(cases, separators=(",", ":")) + "\n", "utf-8")


def ruled_model(form, folder):
    """Saved and loaded by transformers, as a checkpoint of the hub is."""
    model = DabDetrForObjectDetection(config_of(form))
    state = model.state_dict()
    rules = ruled_state(state, lambda key, shape: (BIASES[form], 0.1) if key == "class_embed.bias" else rule(key, shape))
    for name in state:
        # The head that refines boxes has two names; one of them is saved.
        if name.startswith("bbox_predictor"):
            state[name] = state[name.replace("bbox_predictor", "model.decoder.bbox_embed")]
    model.load_state_dict(state)
    with tempfile.TemporaryDirectory() as temporary:
        model.save_pretrained(temporary)
        file = Path(temporary) / "model.safetensors"
        shutil.copy(Path(temporary) / "config.json", folder)
        saved = saved_names(file)
        if form == "full":
            shutil.copy(file, folder)
        else:
            write_without_weights(file, [one for one in rules if one["name"] in saved], folder)
        loaded = DabDetrForObjectDetection.from_pretrained(temporary).eval()
    for name, tensor in loaded.state_dict().items():
        assert torch.equal(tensor, state[name]), name
    return loaded


def config_of(form):
    if form == "full":
        return DabDetrConfig(use_pretrained_backbone=False, **LABELS)
    if form == "resnet":
        backbone = ResNetConfig(**RESNET)
        return DabDetrConfig(use_timm_backbone=False, backbone=None, backbone_config=backbone, activation_function="relu",
                             temperature_height=15, temperature_width=30, sine_position_embedding_scale=5.0,
                             keep_query_pos=True, **NARROW)
    _registry._model_entrypoints["resnet50"] = narrow_resnet
    return DabDetrConfig(**NARROW)


def narrow_resnet(pretrained=False, **options):
    """timm's ResNet-50 with fewer blocks and channels."""
    narrow = {"block": resnet.Bottleneck, "layers": (2, 1, 2, 1), "channels": (8, 12, 16, 32)}
    return resnet._create_resnet("resnet50", pretrained, **{**narrow, **options})


def saved_names(file):
    head = file.read_bytes()
    return set(json.loads(head[8 : 8 + int.from_bytes(head[:8], "little")]))


def rule(key, shape):
    """Offset and scale: boxes of all sizes, and scores on both sides of the threshold."""
    if key.endswith("running_var"):
        return 1.0, 0.2
    if key.endswith("running_mean"):
        return 0.0, 0.1
    if key.endswith("query_refpoint_embeddings.weight"):
        return -0.3, 1.6
    if key.endswith("activation_fn.weight"):
        return 0.25, 0.1
    if key.endswith("bias"):
        return 0.0, 0.1
    if len(shape) == 1:
        # The last norm of a block adds to the stream, which would grow with each of them.
        last = key.endswith(("bn3.weight", "layer.2.normalization.weight"))
        return (0.4, 0.1) if last else (1.0, 0.1)
    gain = next(gain for part, gain in GAINS.items() if part in key)
    return 0.0, math.sqrt(3 * gain / np.prod(shape[1:]))


def image_case(folder, parts, at, size):
    """What the processor, the network, its postprocessing and torchvision's NMS make of the first drawn image that tells."""
    model, processor, margin = parts
    for index in range(at, 400, 20):
        image = compound(index, *size)
        with torch.no_grad():
            outputs = model(**processor(image, return_tensors="pt"))
        square, found = (detections(processor, outputs, to, margin) for to in [(SIZE, SIZE), (image.height, image.width)])
        if square is not None and found is not None:
            break
    else:
        raise SystemExit("no image tells: change GAINS or BIASES")
    name = f"images/{at}.png"
    image.save(folder / name, optimize=True)
    pixels = processor(image, do_rescale=False, do_normalize=False, return_tensors="np")["pixel_values"][0]
    pixels = np.ascontiguousarray(pixels.astype(np.uint8).transpose(1, 2, 0))
    return {
        "file": name, "width": image.width, "height": image.height, "pixels": hashlib.sha256(pixels.tobytes()).hexdigest(),
        "scores": rounded(outputs.logits[0].sigmoid()), "boxes": rounded(outputs.pred_boxes[0]), "square": square, "found": found,
    }


def detections(processor, outputs, size, margin):
    """Boxes [left, top, right, bottom] and scores that are kept, best first; None where a threshold is too near to tell."""
    told = processor.post_process_object_detection(outputs, threshold=MIN_SCORE, target_sizes=[size])[0]
    kept = nms(told["boxes"], told["scores"], MAX_OVERLAP)
    nears_score = (outputs.logits.sigmoid() - MIN_SCORE).abs().min() < margin
    if not 2 <= len(kept) < len(told["scores"]) or nears_score or nears_overlap(told["boxes"].tolist(), margin):
        return None
    return {"boxes": rounded(told["boxes"][kept]), "scores": rounded(told["scores"][kept])}


def nears_overlap(boxes, margin):
    for at, (left, top, right, bottom) in enumerate(boxes):
        for other in boxes[:at]:
            width = max(0, min(right, other[2]) - max(left, other[0]))
            height = max(0, min(bottom, other[3]) - max(top, other[1]))
            union = (right - left) * (bottom - top) + (other[2] - other[0]) * (other[3] - other[1]) - width * height
            if abs(width * height / union - MAX_OVERLAP) < margin:
                return True
    return False


def rounded(tensor):
    return json.loads(json.dumps(tensor.tolist()), parse_float=lambda text: round(float(text), 7))


def compound(index, width, height):
    """Drawings beside each other on white, of widths by rule."""
    image = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(image)
    left = gap = max(4, width // 40)
    for part, share in enumerate(values(f"parts {index}", 3, 0.2, 0.1).tolist()):
        panel = drawing(10 * index + part, int(share * width), height - 2 * gap)
        image.paste(panel, (left, gap))
        draw.text((left + 2, gap + 2), "ABC"[part], fill="white")
        left += panel.width + gap
    return image


if __name__ == "__main__":
    main()
