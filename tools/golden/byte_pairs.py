"""Small vocabularies of byte pairs in the form of CLIP's tokenizer, trained on a few sentences of our own."""

from collections import Counter

SENTENCES = """
Axial contrast-enhanced CT of the chest shows a spiculated mass in the left upper lobe and pleural effusion.
H&E stain of ductal carcinoma with necrosis, original magnification x200. Scale bar: 50 um.
Western blot of TNF-alpha and IL-6 after treatment; beta-actin served as the loading control.
Fundus photograph with hard exudates near the macula. The arrow marks the optic disc.
Kaplan-Meier curves of overall survival by stage. Confocal image of the tubulin network in cultured cells.
"""


def byte_letters():
    """The letter that stands for each byte: itself where it can be printed, else one from 256 on (the order of GPT-2)."""
    printed = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in printed]
    return {**{byte: chr(byte) for byte in printed}, **{byte: chr(256 + at) for at, byte in enumerate(others)}}


def train_merges(count, sentences=SENTENCES):
    """Byte pairs of the sentences, most frequent first; ties by spelling."""
    letters = byte_letters()
    words = Counter(tuple(letters[b] for b in word.encode()[:-1]) + (letters[word.encode()[-1]] + "</w>",)
                    for word in sentences.lower().split())
    merges = []
    while len(merges) < count:
        pairs = Counter()
        for word, number in words.items():
            for pair in zip(word, word[1:]):
                pairs[pair] += number
        best = min(pairs, key=lambda pair: (-pairs[pair], pair))
        merges.append(" ".join(best))
        words = Counter({merged(word, best): number for word, number in words.items()})
    return merges


def merged(word, pair):
    out = []
    for piece in word:
        if out and (out[-1], piece) == pair:
            out[-1] += piece
        else:
            out.append(piece)
    return tuple(out)


def vocabulary(merges):
    """Ids as CLIP gives them: the bytes, the bytes that end a word, the merges, then start and end."""
    letters = list(byte_letters().values())
    tokens = letters + [f"{letter}</w>" for letter in letters] + [pair.replace(" ", "") for pair in merges]
    return {token: at for at, token in enumerate([*tokens, "<|startoftext|>", "<|endoftext|>"])}
