"""The rival of `figseek bench segment`: the official BiomedParse v1 in PyTorch, on the same checkpoint and the same threads.

usage: peer_biomedparse.py CHECKOUT WEIGHTS [--threads 1]
CHECKOUT: a folder with the official code, github microsoft/BiomedParse at 750eb40; nothing of it is part of this repository
WEIGHTS: biomedparse_v1.pt, as `node tools/bench/full-size-masks.mjs` makes it up
needs torch, torchvision and PyYAML. For segment-in-turns.mjs: each line on standard input is a JSON object that a JSON object answers:
  {"image": FILE, "size": 1024}   uint8 RGB, size × size; answered by the seconds of backbone and pixel decoder
  {"ids": [49406, …, 49407]}      a prompt on that picture: the seconds of text, decoder and match, the chosen query, the mask's area
"""

import argparse
import json
import resource
import sys
import time
from pathlib import Path

import numpy
import torch
from official_biomedparse import official_network
from torch.nn import functional as F


class Timer:
    def __init__(self):
        self.at = time.perf_counter()

    def lap(self):
        before, self.at = self.at, time.perf_counter()
        return self.at - before


class Rival:
    def __init__(self, network):
        self.network = network
        self.head = network.sem_seg_head

    @torch.inference_mode()
    def encode(self, pixels):
        """As evaluate_demo begins; the official code does it anew for each prompt that is asked alone."""
        timer = Timer()
        image = (torch.from_numpy(pixels).permute(2, 0, 1).float() - self.network.pixel_mean) / self.network.pixel_std
        features = self.network.backbone(image[None])
        backbone = timer.lap()
        self.mask_features, _, self.maps = self.head.pixel_decoder.forward_features(features)
        self.size = image.shape[-2:]
        return {"backbone": backbone, "pixelDecoder": timer.lap()}

    @torch.inference_mode()
    def answer(self, ids):
        """As evaluate_demo goes on, and interactive_infer_image ends."""
        timer = Timer()
        language = self.head.predictor.lang_encoder
        text = language.get_text_token_embeddings([" ".join(map(str, ids))], name="grounding", token=False, norm=False)
        tokens = text["token_emb"][text["tokens"]["attention_mask"].bool()][:, None]
        extra = {"grounding_tokens": tokens, "grounding_class": text["class_emb"],
                 "grounding_nonzero_mask": torch.zeros(tokens.shape[:-1], dtype=torch.bool).t()}
        seconds = {"text": timer.lap()}
        found = self.head.predictor(self.maps, self.mask_features, target_queries=None, extra=extra, task="demo")
        seconds["decoder"] = timer.lap()
        captions, sentence = F.normalize(found["pred_captions"][0], dim=-1), F.normalize(text["class_emb"], dim=-1)
        query = (captions @ sentence.T).argmax(0)
        mask = F.interpolate(found["pred_masks"][0][query][None], self.size, mode="bilinear").sigmoid() > 0.5
        seconds["match"] = timer.lap()
        return {"seconds": seconds, "query": query.item(), "area": mask.sum().item()}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("checkout", type=Path)
    parser.add_argument("weights", type=Path)
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    rival = Rival(official_network(args.checkout, args.weights))
    print(json.dumps({"torch": torch.__version__, "threads": torch.get_num_threads()}), flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        if "image" in asked:
            pixels = numpy.fromfile(asked["image"], dtype=numpy.uint8).reshape(asked["size"], asked["size"], 3)
            answer = {"seconds": rival.encode(pixels)}
        else:
            answer = rival.answer(asked["ids"])
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(json.dumps(answer | {"peakMiB": peak}), flush=True)


main()
