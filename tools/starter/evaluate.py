"""Measures a checkpoint on the test figures (first byte of SHA-256(id) below 40), against chance and keyword search."""

import argparse
import json
import math
import re
from collections import Counter
from pathlib import Path

import torch

from corpus import LABELS, attribute_of, crop_of, real_figures
from tower import load_open_clip, normalized, token_ids


def is_true(figure, label):
    wanted = {"chest radiograph": {"chest", "radiograph"}}.get(label, {attribute_of(label)})
    return wanted <= set(figure.labels)


def label_precision(scores, figures, known):
    """precision@10 of each label's query; its chance is the label's share of the pool, its ceiling min(10, positives)/10."""
    rows = {}
    for label, row in zip(LABELS, scores):
        truth = torch.tensor([is_true(figure, label) for figure in figures])
        best = sorted(range(len(figures)), key=lambda i: (-float(row[i]), figures[i].id))[:10]
        positives = int(truth.sum())
        if positives:
            precision, chance = sum(bool(truth[i]) for i in best) / 10, positives / len(figures)
            rows[label] = dict(precision=precision, chance=chance, times=precision / chance,
                               ceiling=min(10, positives) / 10 / chance, positives=positives)
    mean = {key: sum(row[key] for row in rows.values()) / len(rows) for key in ("precision", "chance", "times", "ceiling")}
    return {"labels": rows, "mean of ratios": mean["times"], "ratio of means": mean["precision"] / mean["chance"],
            "mean precision": mean["precision"], "mean chance": mean["chance"], "mean ceiling of ratios": mean["ceiling"], "pool": known}


def caption_recall(scores, pool_ids, query_ids, k=10):
    found = 0
    for row, own in zip(scores, query_ids):
        best = sorted(range(len(pool_ids)), key=lambda i: (-float(row[i]), pool_ids[i]))[:k]
        found += own in {pool_ids[i] for i in best}
    recall, chance = found / len(query_ids), k / len(pool_ids)
    return {"queries": len(query_ids), "pool": len(pool_ids), "recall@10": recall, "chance": chance, "times": recall / chance}


def bm25(queries, documents, k1=1.2, b=0.75):
    words = [re.findall(r"[a-z0-9]+", document.lower()) for document in documents]
    counts, mean = [Counter(w) for w in words], sum(map(len, words)) / max(1, len(words))
    within = Counter(word for count in counts for word in count)
    scores = torch.zeros(len(queries), len(documents))
    for q, query in enumerate(queries):
        for word in set(re.findall(r"[a-z0-9]+", query.lower())):
            weight = math.log(1 + (len(documents) - within[word] + 0.5) / (within[word] + 0.5))
            for d, count in enumerate(counts):
                if word in count:
                    scores[q, d] += weight * count[word] * (k1 + 1) / (count[word] + k1 * (1 - b + b * len(words[d]) / mean))
    return scores


@torch.inference_mode()
def embed_images(model, crops, size=64):
    return torch.cat([model.images(normalized(torch.stack([torch.as_tensor(c) for c in crops[i:i + size]])))
                      for i in range(0, len(crops), size)])


@torch.inference_mode()
def embed_texts(model, tokenizer, texts, size=64):
    return torch.cat([model.texts(token_ids(tokenizer, texts[i:i + size])) for i in range(0, len(texts), size)])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path, help="open_clip folder")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--all", action="store_true", help="also search the pool of all figures, training figures included")
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    torch.set_num_threads(2)
    model, tokenizer = load_open_clip(args.model)
    test = list(real_figures(args.data, test=True))
    pools = {"test figures": test}
    if args.all:
        pools["all figures"] = test + list(real_figures(args.data))
    told = [figure for figure in test if figure.caption]
    label_queries = embed_texts(model, tokenizer, LABELS)
    caption_queries = embed_texts(model, tokenizer, [figure.caption for figure in told])
    report = {}
    for name, pool in pools.items():
        images = embed_images(model, [crop_of(figure.path) for figure in pool])
        documents = [f"{figure.caption} {' '.join(figure.labels)}" for figure in pool]
        captioned = [i for i, figure in enumerate(pool) if figure.caption]
        report[name] = {
            "label to image": label_precision(label_queries @ images.T, pool, name),
            "caption to image": caption_recall(caption_queries @ images.T, [f.id for f in pool], [f.id for f in told]),
            "caption to image, captioned pool": caption_recall(
                caption_queries @ images[captioned].T, [pool[i].id for i in captioned], [f.id for f in told]),
            "keyword search, labels and captions indexed": label_precision(bm25(LABELS, documents), pool, name),
            "keyword search, captions only": label_precision(bm25(LABELS, [f.caption for f in pool]), pool, name),
        }
        if name == "test figures":
            # The book's second, independent text of the same figure: what keyword search has where an image search has pixels.
            described = {r["id"]: r.get("alt", "") for r in map(json.loads, (args.data / "figures.jsonl").read_text().splitlines())}
            report[name]["keyword search, caption to alt text"] = caption_recall(
                bm25([f.caption for f in told], [described[f.id] for f in pool]), [f.id for f in pool], [f.id for f in told])
    text = json.dumps(report, indent=1)
    print(text)
    if args.out:
        args.out.write_text(text + "\n")


if __name__ == "__main__":
    main()
