"""Trains the segmenter on what export-masks.mjs wrote. Stops after --minutes of work; goes on from its checkpoint."""

import argparse
import copy
import json
import math
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from byte_pairs import BytePairs
from descent import take_step
from prompts import MAYBE, NAMES, names_of, phrase
from segmenter import Segmenter, direction

# Kinds without an up and a left; the others are only shifted, stretched and turned a little.
TURNABLE = {"dermoscopy image", "agar plate", "blood smear", "fluorescence microscopy of nuclei", "H&E tissue section",
            "immunohistochemistry", "electron micrograph", "nuclei"}
MIRRORED = TURNABLE | {"fundus photograph", "ultrasound", "retinal OCT scan", "mammogram", "bone radiograph"}

# Working size, and until which share of the time: what is where is learned on small pictures, edges on large ones.
GROWING = [(128, 0.25), (192, 0.6), (256, math.inf)]


class Pictures:
    """Pictures of one side with the masks of their objects, all in memory."""

    def __init__(self, folder, pattern):
        self.rows, pixels, masks = [], [], []
        for file in sorted(Path(folder).glob(f"{pattern}.jsonl")):
            rows = [json.loads(line) for line in file.read_text().splitlines()]
            side = rows[0]["side"]
            pixels.append(np.fromfile(file.with_suffix(".pixels"), np.uint8).reshape(-1, side, side, 3))
            masks.append(np.fromfile(file.with_suffix(".masks"), np.uint8).reshape(-1, side // 2, side // 2))
            self.rows += rows
        self.pixels, self.masks = np.concatenate(pixels), np.concatenate(masks)
        counts = [len(row["objects"]) for row in self.rows]
        assert len(self.pixels) == len(counts) and len(self.masks) == sum(counts)
        for row, end, count in zip(self.rows, np.cumsum(counts), counts):
            row["first"] = int(end) - count

    def by_kind(self, split):
        kinds = {}
        for i, row in enumerate(self.rows):
            if row["split"] == split:
                kinds.setdefault(row["kind"], []).append(i)
        return kinds

    def truths(self, i):
        row = self.rows[i]
        return self.masks[row["first"]:row["first"] + len(row["objects"])]


def absent_from(row):
    """Objects that are surely not in a picture: another kind's, or a finding of this kind that it does not have."""
    here = set(row["objects"])
    words = {name for target in here for name in names_of(row["kind"], target)}
    also = MAYBE.get(row["kind"], set())
    return [target for target in NAMES if target not in here and target not in also and not words & set(NAMES[target])]


def placing(rng, kind, plain):
    """An affine map from the new square to the old one, both -1..1."""
    if plain:
        angle, zoom, stretch, shift = 0.0, 1.0, 1.0, (0.0, 0.0)
    else:
        turn = math.pi if kind in TURNABLE else 0.2
        angle = rng.uniform(-turn, turn)
        zoom = math.exp(rng.uniform(-0.9, 0.05)) if kind == "nuclei" else math.exp(rng.uniform(-0.3, 0.2))
        stretch = math.exp(rng.uniform(-0.12, 0.12))
        room = max(0.12, 1 - zoom)
        shift = rng.uniform(-room, room), rng.uniform(-room, room)
    mirror = -1 if kind in MIRRORED and rng.random() < 0.5 else 1
    cosine, sine = math.cos(angle) * zoom, math.sin(angle) * zoom
    return [[cosine * mirror * stretch, -sine, shift[0]], [sine * mirror * stretch, cosine, shift[1]]]


def recolored(rng, pixels):
    """Brightness, contrast and gamma of each picture, sometimes gray, blurred or grainy; float 0..255."""
    count = len(pixels)

    def each(low, high):
        return torch.tensor(rng.uniform(low, high, (count, 1, 1, 1)), dtype=torch.float32)

    x = (pixels / 255).clamp(0, 1) ** each(0.8, 1.25)
    x = (x - 0.5) * each(0.8, 1.15) + 0.5 + each(-0.07, 0.07)
    x = x * torch.tensor(rng.uniform(0.92, 1.08, (count, 3, 1, 1)), dtype=torch.float32)
    gray = torch.tensor(rng.random(count) < 0.1)[:, None, None, None]
    x = torch.where(gray, x.mean(1, keepdim=True).expand_as(x), x)
    if rng.random() < 0.2:
        x = F.avg_pool2d(F.pad(x, (1, 1, 1, 1), mode="replicate"), 3, 1)
    x = x + torch.randn_like(x) * each(0, 0.03)
    return (x * 255).clamp(0, 255).round()


class Batches:
    def __init__(self, folder, tokenizer, rng):
        self.sources = {"drawn": Pictures(folder, "drawn-*"), "nuclei": Pictures(folder, "nuclei")}
        self.kinds = {kind: ("drawn", rows) for kind, rows in self.sources["drawn"].by_kind("train").items()}
        self.kinds["nuclei"] = ("nuclei", self.sources["nuclei"].by_kind("train")["nuclei"])
        self.tokenizer, self.rng = tokenizer, rng
        self.queue = []

    def next_kind(self):
        """Each kind in turn, in an order drawn anew; real nuclei twice."""
        if not self.queue:
            self.queue = list(self.rng.permutation([*self.kinds, "nuclei"]))
        return str(self.queue.pop())

    def draw(self, count, size, prompts=3, absent=0.15):
        rng, pixels, masks, texts, owner, present = self.rng, [], [], [], [], []
        for n in range(count):
            kind = self.next_kind()
            name, rows = self.kinds[kind]
            source = self.sources[name]
            i = rows[rng.integers(len(rows))]
            row, truths = source.rows[i], source.truths(i)
            theta = torch.tensor([placing(rng, kind, rng.random() < 0.35)], dtype=torch.float32)
            picture = torch.from_numpy(source.pixels[i]).permute(2, 0, 1)[None].float()
            pixels.append(sampled(picture, theta, size))
            wanted = list(rng.permutation(len(truths))[:prompts])
            missing = absent_from(row)
            for k in range(prompts):
                if k < len(wanted) and rng.random() >= absent:
                    picked = wanted[k]
                    texts.append(phrase(rng, kind, row["objects"][picked]))
                    truth = torch.from_numpy(truths[picked].astype(np.float32))[None, None] / 255
                    masks.append(sampled(truth, theta, size // 2)[0, 0])
                    present.append(float(masks[-1].sum()) > 4)
                elif k < len(wanted):
                    target = missing[rng.integers(len(missing))]
                    other = kind if rng.random() < 0.5 else KIND_LIST[rng.integers(len(KIND_LIST))]
                    texts.append(phrase(rng, other, target))
                    masks.append(torch.zeros(size // 2, size // 2))
                    present.append(False)
                else:
                    break
                owner.append(n)
        return recolored(rng, torch.cat(pixels)), self.ids(texts), torch.tensor(owner), torch.stack(masks), torch.tensor(present), texts

    def ids(self, texts):
        return padded_ids(self.tokenizer, texts)


KIND_LIST = [kind for kind in MAYBE if kind != "nuclei"]


def padded_ids(tokenizer, texts):
    rows = [tokenizer.encode(text) for text in texts]
    longest = max(map(len, rows))
    return torch.tensor([row + [row[-1]] * (longest - len(row)) for row in rows])


def sampled(x, theta, size):
    grid = F.affine_grid(theta, [1, 1, size, size], align_corners=False)
    return F.grid_sample(x, grid, mode="bilinear", padding_mode="zeros", align_corners=False)


def dice_loss(logits, truth):
    """Of soft masks [n, h, w]; for an absent object the share that is drawn nevertheless."""
    p = logits.sigmoid().flatten(1)
    t = truth.flatten(1)
    return 1 - (2 * (p * t).sum(1) + 20) / (p.sum(1) + t.sum(1) + 20)


def mask_loss(logits, truth):
    """Cross-entropy at the edges counts more: half of it is over the cells that are partly inside or near."""
    entropy = F.binary_cross_entropy_with_logits(logits, truth, reduction="none").flatten(1)
    return 5 * entropy.mean(1) + 2 * dice_loss(logits, truth)


def losses(model, pixels, ids, owner, truth, present, texts):
    cosines, features, masks, captions, sentence = model(pixels, ids, owner)
    prompts = torch.arange(len(ids))
    small = F.avg_pool2d(truth[:, None], 2)[:, 0]
    flat = features.flatten(2)[owner]
    with torch.no_grad():
        logits = masks[-1] @ flat
        p, t = logits.sigmoid(), small.flatten(1)[:, None]
        dice = 1 - (2 * (p * t).sum(-1) + 5) / (p.sum(-1) + t.sum(-1) + 5)
        entropy = (F.softplus(logits) - logits * t).mean(-1)
        # A query that the text chooses already is kept where it is about as good as the best.
        cost = 5 * entropy + 2 * dice - 0.5 * (cosines * model.scale).softmax(1)
        matched = cost.argmin(1)
        chosen = cosines.argmax(1)
    side = features.shape[-1]

    def logits_of(embeddings, query):
        return (embeddings[prompts, query][:, None] @ flat).unflatten(-1, (side, side))[:, 0]

    def fine(query):
        return F.interpolate(logits_of(masks[-1], query)[:, None], scale_factor=2, mode="bilinear", align_corners=False)[:, 0]

    weight = torch.where(present, 1.0, 0.5)
    mask = (weight * mask_loss(fine(matched), truth)).mean() + 0.5 * (weight * mask_loss(fine(chosen), truth)).mean()
    aux = sum((weight * mask_loss(logits_of(embedding, matched), small)).mean() for embedding in masks[1:-1]) / max(1, len(masks) - 2)
    pick = F.cross_entropy(cosines * model.scale, matched)
    # The matched query's caption must fit its own sentence better than the other sentences of the batch.
    scores = 14 * direction(captions[prompts, matched]) @ direction(sentence).T
    own = {text: i for i, text in enumerate(texts)}
    same = torch.tensor([[own[a] == own[b] for b in texts] for a in texts]).float()
    contrast = -((same / same.sum(1, keepdim=True)) * scores.log_softmax(1)).sum(1)[present].mean()
    total = mask + 0.5 * aux + 0.5 * pick + 0.1 * contrast
    return total, dict(mask=float(mask.detach()), pick=float(pick.detach()), contrast=float(contrast.detach()))


@torch.no_grad()
def quality(model, folder, pattern, split, tokenizer, limit, size):
    """Mean Dice of each target by its first name, at half the working size."""
    source = Pictures(folder, pattern)
    found = {}
    rows = [i for i, row in enumerate(source.rows) if row["split"] == split][:limit]
    for i in rows:
        row = source.rows[i]
        picture = torch.from_numpy(source.pixels[i]).permute(2, 0, 1)[None].float()
        if row["side"] != size:
            picture = F.interpolate(picture, (size, size), mode="bilinear", antialias=True).round()
        texts = [NAMES[target][0] for target in row["objects"]]
        logits, _ = model.answer(picture, padded_ids(tokenizer, texts), torch.zeros(len(texts), dtype=torch.long))
        truths = torch.from_numpy(source.truths(i).astype(np.float32))[:, None] / 255
        side = truths.shape[-1]
        big = F.interpolate(logits[:, None], (side, side), mode="bilinear", align_corners=False)[:, 0] > 0
        for target, mine, truth in zip(row["objects"], big, truths[:, 0] > 0.5):
            dice = float(2 * (mine & truth).sum() / (mine.sum() + truth.sum()).clamp(min=1))
            found.setdefault(f"{row['kind']}: {target}", []).append(dice)
    return {name: sum(values) / len(values) for name, values in found.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of export-masks.mjs")
    parser.add_argument("--val", type=Path, required=True, help="folder of export-masks.mjs with another seed: shown, never trained on")
    parser.add_argument("--words", type=Path, required=True, help="folder of vocab.json and merges.txt")
    parser.add_argument("--out", type=Path, required=True, help="the checkpoint")
    parser.add_argument("--minutes", type=float, default=50)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--rate", type=float, default=1.5e-3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--steps", type=int, help="stop after so many steps: to measure the speed")
    parser.add_argument("--pause", type=Path, help="training waits while this file exists")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    rng = np.random.default_rng(args.seed)
    tokenizer = BytePairs(args.words)
    model = Segmenter(len(tokenizer.ids))
    average = copy.deepcopy(model)
    wide = [p for p in model.parameters() if p.ndim >= 2]
    thin = [p for p in model.parameters() if p.ndim < 2]
    groups = [{"params": wide, "weight_decay": 0.02}, {"params": thin, "weight_decay": 0}]
    optimizer = torch.optim.AdamW(groups, lr=args.rate, betas=(0.9, 0.98))
    step, spent = 0, 0.0
    if args.out.exists():
        kept = torch.load(args.out)
        model.load_state_dict(kept["model"])
        average.load_state_dict(kept["average"])
        optimizer.load_state_dict(kept["optimizer"])
        step, spent = kept["step"], kept["spent"]
        rng = np.random.default_rng(args.seed + step)
    print(sum(p.numel() for p in model.parameters()), "parameters; from step", step, flush=True)
    batches = Batches(args.data, tokenizer, rng)
    shown, next_keep, next_look, first = {}, spent + 120, spent + 420, time.time()
    while spent < args.minutes * 60 and step != args.steps:
        while args.pause and args.pause.exists():
            time.sleep(2)
        began = time.time()
        share = spent / args.minutes / 60
        # The cosine follows the clock: the machine is shared, so the number of steps is not known beforehand.
        rate = args.rate * min(1, (step + 1) / 100) * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * min(1, share))))
        for group in optimizer.param_groups:
            group["lr"] = rate
        size = next(size for size, until in GROWING if share < until)
        loss, parts = losses(model, *batches.draw(args.batch, size))
        step += 1
        take_step(model, average, optimizer, loss, step)
        for name, value in parts.items():
            shown[name] = value if name not in shown else 0.95 * shown[name] + 0.05 * value
        spent += time.time() - began
        if step % 25 == 0:
            print(f"{spent:.0f} s step {step} size {size}", {k: round(v, 3) for k, v in shown.items()}, flush=True)
        if spent >= next_look:
            next_look = spent + 420
            dice = quality(average, args.val, "drawn-*", "train", tokenizer, 150, 256)
            dice |= quality(average, args.data, "nuclei", "val", tokenizer, 50, 256)
            print(f"{spent:.0f} s mean Dice {sum(dice.values()) / len(dice):.3f}", {k: round(v, 2) for k, v in sorted(dice.items())}, flush=True)
        if spent >= next_keep or spent >= args.minutes * 60:
            next_keep = spent + 120
            part = args.out.with_suffix(".part")
            torch.save(dict(model=model.state_dict(), average=average.state_dict(), optimizer=optimizer.state_dict(), step=step, spent=spent), part)
            part.rename(args.out)
    print(f"finished {step} steps in {time.time() - first:.0f} s", flush=True)


if __name__ == "__main__":
    main()
