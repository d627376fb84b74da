"""CLIP-style lower-case byte pairs: makes vocab.json and merges.txt from texts, and encodes as the product does (ASCII only)."""

import json
import re
from collections import Counter
from pathlib import Path

START, END = "<|startoftext|>", "<|endoftext|>"
WORDS = re.compile(r"'s|'t|'re|'ve|'m|'ll|'d|[a-z]+|[0-9]|[^\sa-z0-9]+")


def byte_letters():
    """A printable letter for each byte: itself where it is one, else one from 256 on."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in plain]
    return {**{byte: chr(byte) for byte in plain}, **{byte: chr(256 + i) for i, byte in enumerate(others)}}


LETTERS = byte_letters()


def pieces_of(word):
    letters = [LETTERS[byte] for byte in word.encode()]
    return (*letters[:-1], letters[-1] + "</w>")


def joined(pieces, pair):
    out, i = [], 0
    while i < len(pieces):
        if pieces[i:i + 2] == pair:
            out.append(pieces[i] + pieces[i + 1])
            i += 2
        else:
            out.append(pieces[i])
            i += 1
    return tuple(out)


def learn(texts, count):
    """The `count` merges of the most frequent neighbors, ties by their letters."""
    words = Counter(word for text in texts for word in WORDS.findall(text.lower()))
    split = {word: pieces_of(word) for word in words}
    merges = []
    while len(merges) < count:
        pairs = Counter()
        for word, pieces in split.items():
            for pair in zip(pieces, pieces[1:]):
                pairs[pair] += words[word]
        # Two ways to one piece would give it two ids.
        made = {a + b for a, b in merges}
        pairs = {pair: n for pair, n in pairs.items() if "".join(pair) not in made}
        if not pairs:
            break
        best = min(pairs, key=lambda pair: (-pairs[pair], pair))
        merges.append(best)
        split = {word: joined(pieces, best) for word, pieces in split.items()}
    return merges


def write(folder, merges):
    alphabet = [LETTERS[byte] for byte in sorted(LETTERS, key=lambda byte: ord(LETTERS[byte]))]
    tokens = [*alphabet, *(letter + "</w>" for letter in alphabet), *(a + b for a, b in merges), START, END]
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "vocab.json").write_text(json.dumps({token: i for i, token in enumerate(tokens)}, ensure_ascii=False) + "\n")
    (folder / "merges.txt").write_text("#version: figseek\n" + "".join(f"{a} {b}\n" for a, b in merges))


class BytePairs:
    def __init__(self, folder):
        folder = Path(folder)
        self.ids = json.loads((folder / "vocab.json").read_text())
        lines = (folder / "merges.txt").read_text().splitlines()[1:]
        self.ranks = {tuple(line.split(" ")): rank for rank, line in enumerate(lines)}
        self.known = {}

    def word(self, word):
        if word not in self.known:
            pieces = pieces_of(word)
            while len(pieces) > 1:
                best = min(zip(pieces, pieces[1:]), key=lambda pair: self.ranks.get(pair, len(self.ranks)))
                if best not in self.ranks:
                    break
                pieces = joined(pieces, best)
            self.known[word] = [self.ids[piece] for piece in pieces]
        return self.known[word]

    def encode(self, text, context=77):
        """start, at most context - 2 pieces, end"""
        ids = [i for word in WORDS.findall(text.lower()) for i in self.word(word)]
        return [self.ids[START], *ids[:context - 2], self.ids[END]]
