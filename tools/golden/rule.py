"""Weights that follow from a tensor's name, so that a golden set stores none of them (the rule in TypeScript:
test/golden/rule-weights.ts), and checkpoint files without their weights."""

import gzip
import hashlib
import json
import struct
import zipfile
from pathlib import Path

import numpy as np
import torch


def mixed(seed, count):
    """murmur3's last mixing of seed + i · 0x9E3779B9, for i = 0, 1, …"""
    h = (seed + np.arange(count, dtype=np.uint64) * 0x9E3779B9) & 0xFFFFFFFF
    h ^= h >> 16
    h = h * 0x85EBCA6B & 0xFFFFFFFF
    h ^= h >> 13
    h = h * 0xC2B2AE35 & 0xFFFFFFFF
    return h ^ (h >> 16)


def values(key, count, offset, scale):
    """float32 [count]: offset + scale · u with u in [-1, 1); the seed is the start of the name's SHA-256."""
    seed = int.from_bytes(hashlib.sha256(key.encode()).digest()[:4], "little")
    return (offset + scale * (mixed(seed, count) / 2**32 * 2 - 1)).astype(np.float32)


def ruled_state(state, rule):
    """The state dict with every float32 tensor replaced by its values by rule, in place; answers the rules used."""
    rules = []
    for key, tensor in state.items():
        if tensor.dtype != torch.float32:
            continue
        offset, scale = rule(key, tuple(tensor.shape))
        rules.append({"name": key, "shape": list(tensor.shape), "offset": offset, "scale": scale})
        state[key] = torch.from_numpy(values(key, tensor.numel(), offset, scale)).reshape(tensor.shape)
    return rules


def write_without_weights(checkpoint, rules, folder):
    """Writes checkpoint.gz, the file of torch.save or safetensors with zeros in place of the weights by rule, and
    checkpoint.json, which says where the values of each tensor lie in the file, and the SHA-256 of the whole."""
    whole = bytearray(Path(checkpoint).read_bytes())
    sha256 = hashlib.sha256(whole).hexdigest()
    of_safetensors = str(checkpoint).endswith(".safetensors")
    places = safetensors_places(whole) if of_safetensors else places_of(checkpoint, {rule["name"] for rule in rules})
    for rule in rules:
        start = rule["at"] = places[rule["name"]]
        expected = values(rule["name"], int(np.prod(rule["shape"], dtype=np.int64)), rule["offset"], rule["scale"]).tobytes()
        assert whole[start : start + len(expected)] == expected, rule["name"]
        whole[start : start + len(expected)] = bytes(len(expected))
    (folder / "checkpoint.gz").write_bytes(gzip.compress(bytes(whole), 9, mtime=0))
    lines = ",\n".join(json.dumps(rule) for rule in rules)
    (folder / "checkpoint.json").write_text(f'{{"sha256": "{sha256}", "tensors": [\n{lines}\n]}}\n', "utf-8")


def places_of(checkpoint, names):
    """Where the storage of each tensor begins in a file of torch.save, which numbers storages as it meets them."""
    keys = [key for key, tensor in torch.load(checkpoint, map_location="cpu").items() if isinstance(tensor, torch.Tensor)]
    with zipfile.ZipFile(checkpoint) as archive, open(checkpoint, "rb") as file:
        entries = {entry.filename.split("/", 1)[1]: entry.header_offset for entry in archive.infolist()}
        places = {}
        for number, key in enumerate(keys):
            if key not in names:
                continue
            file.seek(entries[f"data/{number}"] + 26)
            name_length, extra_length = struct.unpack("<HH", file.read(4))
            places[key] = entries[f"data/{number}"] + 30 + name_length + extra_length
        return places


def safetensors_places(whole):
    """Where the values of each tensor begin in the bytes of a safetensors file."""
    length = int.from_bytes(whole[:8], "little")
    header = json.loads(bytes(whole[8 : 8 + length]))
    return {name: 8 + length + told["data_offsets"][0] for name, told in header.items() if name != "__metadata__"}
