"""Trains the starter model on what prepare.py cached. Fixed seeds; stops after --minutes; keeps the best on the val figures."""

import argparse
import copy
import json
import math
import pickle
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from corpus import LABELS, center
from descent import take_step
from evaluate import embed_images, embed_texts, is_true
from teachers import JointTeacher
from tower import SIZES, DualEncoder, load_open_clip, normalized, save_open_clip, token_ids, tokenizer_of


class Corpus:
    def __init__(self, cache):
        self.figures, self.texts, self.pixels = pickle.loads((cache / "corpus.pickle").read_bytes())
        self.row = {text: i for i, text in enumerate(self.texts)}
        self.train = [i for i, f in enumerate(self.figures) if f.split == "train"]
        self.val = [i for i, f in enumerate(self.figures) if f.split == "val"]
        self.real = [i for i in self.train if not self.figures[i].drawn]
        self.drawn = [i for i in self.train if self.figures[i].drawn]

    def batch(self, rng, size, real_part):
        count = round(size * real_part)
        chosen = [*rng.choice(self.real, count, replace=False), *rng.choice(self.drawn, size - count, replace=False)]
        texts = []
        for i in chosen:
            options = self.figures[i].texts
            weights = np.array([text.weight for text in options])
            texts.append(options[rng.choice(len(options), p=weights / weights.sum())])
        true = torch.tensor([[text.needs <= self.figures[i].attributes for text in texts] for i in chosen]).float()
        return chosen, texts, true


def soft_contrast(images, texts, scale, true):
    """Several texts may be true of one picture: each is a positive, none of them a negative."""
    logits = scale * images @ texts.T
    rows = true / true.sum(1, keepdim=True)
    columns = true.T / true.T.sum(1, keepdim=True)
    return -((rows * logits.log_softmax(1)).sum(1).mean() + (columns * logits.T.log_softmax(1)).sum(1).mean()) / 2


def quality(images, captions, labels, figures):
    """Mean of: mean reciprocal rank of captions, mean average precision of the label queries; on the val figures."""
    told = [i for i, f in enumerate(figures) if f.caption]
    scores = captions @ images.T
    ranks = [int((scores[q] > scores[q, i]).sum()) + 1 for q, i in enumerate(told)]
    found, precisions = sum(r <= 10 for r in ranks) / len(ranks), []
    for row, label in zip(labels @ images.T, LABELS):
        truth = torch.tensor([is_true(f, label) for f in figures])[row.argsort(descending=True)].float()
        if truth.sum():
            hits = truth.cumsum(0) / torch.arange(1, len(truth) + 1)
            precisions.append(float((hits * truth).sum() / truth.sum()))
    times, average = found * len(figures) / 10, sum(precisions) / len(precisions)
    reciprocal = sum(1 / r for r in ranks) / len(ranks)
    return dict(score=reciprocal + 0.5 * found + 0.5 * average, recall_times=times, mrr=reciprocal, label_ap=average)


def fit_teacher(corpus, stored, rng, steps=700):
    image, text = stored["image"], stored["text"]
    train = image[corpus.train]
    teacher = JointTeacher(train.mean(0), train.std(0) + 0.05, SIZES["embed"])
    optimizer = torch.optim.AdamW(teacher.parameters(), lr=1e-3, weight_decay=0.5)
    figures = [corpus.figures[i] for i in corpus.val]
    for step in range(steps + 1):
        if step % 100 == 0:
            teacher.eval()
            with torch.no_grad():
                told = [text[corpus.row[f.caption]] for f in figures if f.caption]
                result = quality(teacher.images(image[corpus.val]), teacher.texts(torch.stack(told)),
                                 teacher.texts(torch.stack([text[corpus.row[label]] for label in LABELS])), figures)
            print("teacher", step, {k: round(v, 3) for k, v in result.items()}, flush=True)
            teacher.train()
        chosen, texts, true = corpus.batch(rng, 384, 0.75)
        loss = soft_contrast(teacher.images(image[chosen]), teacher.texts(text[[corpus.row[t.words] for t in texts]]), 16, true)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    teacher.eval()
    with torch.no_grad():
        return teacher.images(image), teacher.texts(text)


def crops_of(corpus, chosen, rng, size=224):
    """Random crops of 50-100 % of the square, turned only where up and down mean nothing, slightly recolored."""
    out = []
    for i in chosen:
        pixels = torch.as_tensor(np.ascontiguousarray(corpus.pixels[i])).permute(2, 0, 1)
        height, width = pixels.shape[1:]
        short = min(height, width)
        side = short * math.sqrt(rng.uniform(0.5, 1.0))
        shape = math.exp(rng.uniform(-0.15, 0.15))
        h, w = [max(64, min(int(n), limit)) for n, limit in ((side * shape, height), (side / shape, width))]
        top, left = rng.integers(0, height - h + 1), rng.integers(0, width - w + 1)
        crop = F.interpolate(pixels[None, :, top:top + h, left:left + w].float(), (size, size), mode="bilinear", antialias=False)[0]
        if corpus.figures[i].turnable:
            crop = torch.rot90(crop, int(rng.integers(4)), (1, 2))
            crop = crop.flip(2) if rng.random() < 0.5 else crop
        crop = crop * rng.uniform(0.8, 1.2) + rng.uniform(-18, 18)
        if rng.random() < 0.1:
            crop = crop.mean(0, keepdim=True).expand(3, -1, -1)
        out.append(crop.clamp(0, 255))
    return normalized(torch.stack(out).permute(0, 2, 3, 1))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=25)
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--resume", type=Path, help="open_clip folder to go on from")
    args = parser.parse_args()
    start = time.time()
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    rng = np.random.default_rng(args.seed)
    corpus = Corpus(args.cache)
    image_goal, text_goal = fit_teacher(corpus, torch.load(args.cache / "teachers.pt"), rng)
    tokenizer = tokenizer_of(args.cache / "vocab.txt")
    model = load_open_clip(args.resume)[0] if args.resume else DualEncoder(len(tokenizer))
    average = copy.deepcopy(model).eval()
    print(sum(p.numel() for p in model.parameters()), "parameters", flush=True)
    thin = [p for p in model.parameters() if p.ndim < 2]
    wide = [p for p in model.parameters() if p.ndim >= 2]
    optimizer = torch.optim.AdamW([{"params": wide, "weight_decay": 0.05}, {"params": thin, "weight_decay": 0}], lr=args.rate, betas=(0.9, 0.98))
    figures = [corpus.figures[i] for i in corpus.val]
    crops = [center(corpus.pixels[i]) for i in corpus.val]
    captions = [f.caption for f in figures if f.caption]
    best, step, next_look = -1, 0, 60 if args.resume else 240
    while (spent := (time.time() - start) / 60 / args.minutes) < 1:
        # The cosine follows the clock: the machine is shared, so the number of steps is not known beforehand.
        rate = args.rate * min(1, (step + 1) / (20 if args.resume else 60)) * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * spent)))
        for group in optimizer.param_groups:
            group["lr"] = rate
        chosen, texts, true = corpus.batch(rng, args.batch, 0.7)
        limit = 64 if step % 6 == 0 else 40
        ids = token_ids(tokenizer, [t.words for t in texts], limit)
        pixels = crops_of(corpus, chosen, rng)
        model.train()
        with torch.autocast("cpu", dtype=torch.bfloat16):
            image, text = model.visual(pixels), model.text(ids)
        image, text = F.normalize(image.float(), dim=-1), F.normalize(text.float(), dim=-1)
        image_like, text_like = image_goal[chosen], text_goal[[corpus.row[t.words] for t in texts]]
        near = 2 - (image * image_like).sum(1).mean() - (text * text_like).sum(1).mean()
        # Each tower also against the other tower's teacher: its targets are steadier than a tower in training.
        crossed = soft_contrast(image, text_like, 16, true) + soft_contrast(image_like, text, 16, true)
        contrast = soft_contrast(image, text, model.logit_scale.exp().clamp(max=50), true)
        loss = contrast + 0.25 * crossed + 2 * near
        step += 1
        take_step(model, average, optimizer, loss, step)
        if step in (5, 20):
            print(f"{(time.time() - start) / step:.2f} s a step (with start)", flush=True)
        if time.time() - start > next_look or (time.time() - start) / 60 >= args.minutes:
            next_look += 90
            shown = quality(embed_images(average, crops), embed_texts(average, tokenizer, captions), embed_texts(average, tokenizer, LABELS), figures)
            print(f"{time.time() - start:.0f} s step {step} loss {loss:.3f} contrast {contrast:.3f} near {near:.3f}", {k: round(v, 3) for k, v in shown.items()}, flush=True)
            if shown["score"] > best:
                best = shown["score"]
                save_open_clip(args.out, average.state_dict(), args.cache / "vocab.txt")
                (args.out / "training.json").write_text(json.dumps(shown | {"step": step, "seconds": round(time.time() - start)}) + "\n")
    save_open_clip(args.out.parent / f"{args.out.name}-last", average.state_dict(), args.cache / "vocab.txt")
    print("finished", step, "steps; best", best, flush=True)


if __name__ == "__main__":
    main()
