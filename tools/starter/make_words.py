"""Makes the segmenter's vocab.json and merges.txt from its prompts and from the captions of drawn figures."""

import argparse
import json
from pathlib import Path

from byte_pairs import BytePairs, learn, write
from prompts import all_phrases


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("captions", type=Path, help="figures.jsonl of export-drawn.mjs, or any JSON lines with a caption")
    parser.add_argument("out", type=Path)
    parser.add_argument("--merges", type=int, default=600)
    args = parser.parse_args()
    captions = [json.loads(line)["caption"] for line in args.captions.read_text().splitlines()]
    write(args.out, learn([*all_phrases(), *captions], args.merges))
    print(len(BytePairs(args.out).ids), "tokens")


if __name__ == "__main__":
    main()
