"""The rival of `figseek bench search`: Python's hnswlib on the vectors that the bench left in its folder.

usage: peer_hnswlib.py FOLDER [--threads 1] [--turns]
--turns: reads an ef a line, searches once with each query, answers “seconds recall” (for search-in-turns.mjs).
needs numpy and hnswlib (built from source it uses the processor's own instructions); prints JSON lines
"""

import argparse
import json
import sys
import time
from pathlib import Path

import hnswlib
import numpy as np

DIMENSIONS, K, ROUNDS = 512, 10, 5


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--turns", action="store_true")
    args = parser.parse_args()
    vectors = np.fromfile(args.folder / "X.f32", "f4").reshape(-1, DIMENSIONS)
    queries = np.fromfile(args.folder / "Q.f32", "f4").reshape(-1, DIMENSIONS)
    truth = np.argpartition(-(queries @ vectors.T), K, axis=1)[:, :K]
    common = {"peer": "hnswlib", "version": hnswlib.__version__ if hasattr(hnswlib, "__version__") else "0.8", "threads": args.threads}
    index = hnswlib.Index("ip", DIMENSIONS)
    started = time.perf_counter()
    index.init_index(len(vectors), M=16, ef_construction=128, random_seed=1)
    index.add_items(vectors, num_threads=args.threads)
    print(json.dumps(common | {"step": "build", "vectors": len(vectors), "seconds": round(time.perf_counter() - started, 2)}), flush=True)
    if args.turns:
        for line in sys.stdin:
            index.set_ef(int(line))
            started = time.perf_counter()
            labels, _ = index.knn_query(queries, K, num_threads=args.threads)
            seconds = time.perf_counter() - started
            print(seconds, np.mean([len(set(a) & set(b)) / K for a, b in zip(labels, truth)]), flush=True)
        return
    for ef in [10, 14, 16, 20, 24, 28, 32, 40, 80]:
        index.set_ef(ef)
        labels, _ = index.knn_query(queries, K, num_threads=args.threads)
        recall = np.mean([len(set(a) & set(b)) / K for a, b in zip(labels, truth)])
        started, cpu = time.perf_counter(), time.process_time()
        for _ in range(ROUNDS):
            index.knn_query(queries, K, num_threads=args.threads)
        done = ROUNDS * len(queries)
        print(json.dumps(common | {"step": "search", "ef": ef, "recallAt10": round(float(recall), 4),
                                   "searchesPerSecond": round(done / (time.perf_counter() - started)),
                                   "searchesPerCpuSecond": round(done / (time.process_time() - cpu))}), flush=True)


main()
