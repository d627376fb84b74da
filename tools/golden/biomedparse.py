"""Golden outputs of a narrow BiomedParse v1, for test/golden: the official code with weights by rule.

usage: biomedparse.py OFFICIAL_CODE FOLDER        (the repository's is test/golden/biomedparse)
OFFICIAL_CODE is a checkout of github.com/microsoft/BiomedParse, branch main (commit 750eb40); nothing of it is copied.
needs tools/golden/requirements-biomed.txt; biomedparse_stubs.py says what stands in for modules that are not installed.
"""

import copy
import json
import math
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

import numpy as np
import torch
import yaml
from transformers import BertConfig, BertModel

import biomedparse_stubs
from biomedparse_cases import preprocessing_cases, reading_cases, tokenization_cases
from biomedparse_network import Observer, end_to_end_cases, recognition_cases
from byte_pairs import SENTENCES, train_merges, vocabulary
from rule import ruled_state, write_without_weights

WORDS = """
left lung right lung liver kidney tumor neoplastic cells inflammatory cells optic disc in retinal fundus
COVID-19 infection in chest X-ray, lung nodule in chest CT, glandular structure in colon pathology, tumor core in brain MRI
"""
# The sizes differ from each other, and from the released ones, wherever the official code allows it.
WIDTH = 64
CONFIG = {
    "VERBOSE": False,
    "MODEL": {
        "NAME": "seem_model_demo", "HEAD": "xdecoder_head", "DIM_PROJ": WIDTH,
        "TEXT": {"ARCH": "vlpencoder", "NAME": "transformer", "TOKENIZER": "clip", "CONTEXT_LENGTH": 77, "WIDTH": 48, "HEADS": 4,
                 "LAYERS": 2, "AUTOGRESSIVE": True},
        "BACKBONE": {"NAME": "focal", "PRETRAINED": "", "LOAD_PRETRAINED": False, "FOCAL": {
            "PRETRAIN_IMG_SIZE": 224, "PATCH_SIZE": 4, "EMBED_DIM": 16, "DEPTHS": [1, 2, 1, 1], "FOCAL_LEVELS": [2, 3, 3, 2],
            "FOCAL_WINDOWS": [3, 3, 5, 3], "DROP_PATH_RATE": 0.3, "MLP_RATIO": 2.0, "DROP_RATE": 0.0, "PATCH_NORM": True,
            "USE_CONV_EMBED": True, "SCALING_MODULATOR": True, "USE_CHECKPOINT": False, "USE_POSTLN": True,
            "USE_POSTLN_IN_MODULATION": False, "USE_LAYERSCALE": True, "OUT_FEATURES": ["res2", "res3", "res4", "res5"],
            "OUT_INDICES": [0, 1, 2, 3]}},
        "ENCODER": {"NAME": "transformer_encoder_fpn", "IGNORE_VALUE": 255, "NUM_CLASSES": 16, "BINARY_CLASSES": False, "LOSS_WEIGHT": 1.0,
                    "CONVS_DIM": WIDTH, "MASK_DIM": 48, "NORM": "GN", "IN_FEATURES": ["res2", "res3", "res4", "res5"],
                    "COMMON_STRIDE": 4, "TRANSFORMER_ENC_LAYERS": 1},
        "DECODER": {"NAME": "seem_demo", "TRANSFORMER_IN_FEATURE": "multi_scale_pixel_decoder", "MASK": {"ENABLED": False},
                    "DETECTION": False, "SPATIAL": {"ENABLED": True, "MAX_ITER": 1}, "GROUNDING": {"ENABLED": True, "MAX_LEN": 5},
                    "VISUAL": {"ENABLED": False}, "AUDIO": {"ENABLED": False}, "RETRIEVAL": {"ENABLED": False},
                    "OPENIMAGE": {"ENABLED": False, "GROUNDING": {"ENABLED": False}}, "CAPTION": {"ENABLED": False},
                    "HIDDEN_DIM": WIDTH, "NUM_OBJECT_QUERIES": 41, "NHEADS": 4, "DROPOUT": 0.0, "DIM_FEEDFORWARD": 96,
                    "MAX_SPATIAL_LEN": [512, 512, 512, 512], "PRE_NORM": False, "ENFORCE_INPUT_PROJ": False,
                    "SIZE_DIVISIBILITY": 32, "DEC_LAYERS": 6,
                    "TEST": {"SEMANTIC_ON": True, "INSTANCE_ON": True, "PANOPTIC_ON": True, "OVERLAP_THRESHOLD": 0.8,
                             "OBJECT_MASK_THRESHOLD": 0.4, "SEM_SEG_POSTPROCESSING_BEFORE_INFERENCE": False,
                             "DETECTIONS_PER_IMAGE": 100}},
    },
    "ATTENTION_ARCH": {
        "VARIABLE": {"queries": ["object"], "tokens": ["grounding", "spatial", "visual", "audio"]},
        "SELF_ATTENTION": {
            "queries": {"object": ["queries_object", "tokens_grounding", "tokens_spatial", "tokens_visual", "tokens_audio"]},
            "tokens": {"grounding": ["queries_object", "tokens_grounding"], "spatial": ["tokens_spatial"],
                       "visual": ["tokens_visual"], "audio": ["queries_object", "tokens_audio"]}},
        "CROSS_ATTENTION": {"queries": {"object": True},
                            "tokens": {"grounding": False, "spatial": False, "visual": False, "audio": False}},
        "MASKING": ["tokens_spatial", "tokens_grounding", "tokens_visual", "tokens_audio"],
        "DUPLICATION": {"queries": {"grounding": "queries_object", "spatial": "queries_object"}},
        "SPATIAL_MEMORIES": 32},
    "INPUT": {"PIXEL_MEAN": [123.675, 116.28, 103.53], "PIXEL_STD": [58.395, 57.12, 57.375]},
}
# Image type, object, and (a, b) of the four Beta distributions: made up.
TARGETS = {
    "X-Ray-Chest": {"left lung": [[40, 9], [6, 9], [5, 8], [7, 12]], "right lung": [[42, 8], [7, 10], [6.5, 9], [8, 12]],
                    "COVID-19 infection": [[40, 13], [1.5, 17], [1.5, 15], [1.2, 17.5]]},
    "Drawing": {"mass": [[20, 6], [3, 10], [4, 9], [2, 6]], "spleen": [[13, 7], [2, 12], [3, 10], [2, 16]],
                "vessel": [[10, 9], [3, 12], [3, 9], [2, 12]], "kidney": [[45, 9], [60, 8], [70, 5], [50, 4]]},
    "Pathology": {"neoplastic cells": [[28.5, 7.25], [4.5, 11.5], [6, 10], [5, 5]],
                  "connective tissue cells": [[40.1, 8.4], [5.4, 17.9], [6.9, 14.6], [8.4, 12.7]]},
    "CT-Abdomen": {"liver": [[37, 8], [8, 13], [5, 7.5], [9, 14.5]], "tumor": [[38, 8], [7.5, 13.5], [5.5, 9.5], [6.5, 13]],
                   "kidney": [[42, 8], [7.5, 10], [5.5, 7], [10.5, 15.5]]},
}


def main():
    official_code, folder = Path(sys.argv[1]).resolve(), Path(sys.argv[2])
    for name in ["images", "expected"]:
        (folder / name).mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    biomedparse_stubs.install(official_code)
    write_config(folder)
    model = narrow_model(folder)
    observer = Observer(model, TARGETS)
    cases = {
        "versions": {name: version(name) for name in ["torch", "transformers", "timm", "scipy", "scikit-image", "ftfy", "Pillow"]},
        "preprocessing": preprocessing_cases(folder),
        **tokenization_cases(observer.language.tokenizer),
        "end_to_end": end_to_end_cases(folder, observer),
        "recognition": recognition_cases(folder, observer),
        **reading_cases(folder),
    }
    cases["recognition"] += cases.pop("maps")
    (folder / "cases.json").write_text(json.dumps(cases, ensure_ascii=False, separators=(",", ":")) + "\n", "utf-8")


def write_config(folder):
    """The files that lie beside the weights."""
    merges = train_merges(300, SENTENCES + WORDS)
    (folder / "merges.txt").write_text("#version: 0.2\n" + "\n".join(merges) + "\n", "utf-8")
    (folder / "vocab.json").write_text(json.dumps(vocabulary(merges), ensure_ascii=False) + "\n", "utf-8")
    (folder / "config.yaml").write_text(yaml.safe_dump(CONFIG, sort_keys=False, default_flow_style=None, width=120))
    (folder / "target_dist.json").write_text(json.dumps(TARGETS, indent=2) + "\n")


def narrow_model(folder):
    """Built and loaded by the official code; the tokenizer is read from the folder, BiomedBERT (not used) is a tiny one."""
    import modeling.language.vlpencoder as language
    from modeling import build_model
    from modeling.BaseModel import BaseModel
    from utilities.constants import BIOMED_CLASSES

    bert = BertConfig(vocab_size=8, hidden_size=8, num_hidden_layers=1, num_attention_heads=1, intermediate_size=8, max_position_embeddings=8)
    language.AutoModel = type("AutoModel", (), {"from_pretrained": staticmethod(lambda name: BertModel(bert))})
    config = copy.deepcopy(CONFIG)
    config["MODEL"]["TEXT"]["PRETRAINED_TOKENIZER"] = str(folder)
    model = BaseModel({"device": torch.device("cpu")}, build_model(config))
    state = model.model.state_dict()
    rules = ruled_state(state, rule)
    # The released file has this buffer of the training loss as well.
    state["criterion.empty_weight"] = torch.tensor([1.0] * 16 + [0.1])
    with tempfile.TemporaryDirectory() as temporary:
        file = Path(temporary) / "biomedparse_v1.pt"
        torch.save(state, file)
        write_without_weights(file, rules, folder)
        model = model.from_pretrained(str(file)).eval()
    for name, tensor in model.model.state_dict().items():
        assert torch.equal(tensor, state[name]), name
    with torch.no_grad():
        model.model.sem_seg_head.predictor.lang_encoder.get_text_embeddings([*BIOMED_CLASSES, "background"], is_eval=True)
    return model


def rule(key, shape):
    """Offset and scale. Queries and mask features are spread so far that the masks of two prompts differ."""
    if key.endswith("logit_scale"):
        return math.log(1 / 0.07), 0.0
    if key == "dilation_kernel":
        return 1.0, 0.0
    if key.endswith(("gamma_1", "gamma_2")):
        return 0.5, 0.1
    if key.endswith("bias"):
        return 0.0, 1.4 if key.endswith("mask_features.bias") else 0.02
    if key.endswith(("query_feat.weight", "query_embed.weight")):
        return 0.0, 2.0
    if key.endswith(("_embed.weight", "indicator.weight", "featured.weight", "embedding.weight", "positional_embedding")):
        return 0.0, 0.5
    if len(shape) == 1:
        return 1.0, 0.1
    transposed = key.endswith(("class_embed", "lang_proj")) or ".mask_sptial_embed." in key
    scale = math.sqrt(3 / (shape[0] if transposed else np.prod(shape[1:])))
    gain = 1.25 if key.endswith("in_proj_weight") else 0.5 if key.endswith(("out_proj.weight", "linear2.weight")) else 1.0
    return 0.0, gain * float(scale)


if __name__ == "__main__":
    main()
