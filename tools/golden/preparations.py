"""Golden pixels of open_clip's image preparations, for test/golden/preparations.spec.ts.

usage: preparations.py FILE        (the repository's is test/golden/preparations.json)
needs tools/golden/requirements.txt. The images follow a rule that any language computes, so only hashes are stored.
"""

import hashlib
import json
import sys

import numpy as np
from open_clip.transform import image_transform
from PIL import Image

SIDES = [(64, 64), (65, 64), (301, 200), (200, 301), (37, 500), (1000, 7), (9, 9), (1, 1), (640, 33), (129, 128)]
SIZES = [64, 49]


def ruled_image(width: int, height: int) -> Image.Image:
    """Value i of the image, row by row, is the top byte of a linear congruential sequence of i + width; extremes occur."""
    count = np.arange(width * height * 3, dtype=np.uint32) + np.uint32(width)
    mixed = (count * np.uint32(1664525) + np.uint32(1013904223)) * np.uint32(22695477) + np.uint32(1)
    return Image.fromarray((mixed >> np.uint32(24)).astype(np.uint8).reshape(height, width, 3), "RGB")


def main(file: str) -> None:
    cases = []
    for mode in ["shortest", "longest", "squash"]:
        for interpolation in ["bicubic", "bilinear"]:
            for size in SIZES:
                for width, height in SIDES:
                    fill = 128 if mode == "longest" and size == 49 else 0
                    # Without the last two steps, which make a tensor and normalize it.
                    steps = image_transform(
                        size, is_train=False, resize_mode=mode, interpolation=interpolation, fill_color=fill
                    ).transforms[:-2]
                    image = ruled_image(width, height)
                    try:
                        for step in steps:
                            image = step(image)
                    except ValueError:
                        continue  # A strip whose shorter side becomes 0: the official code cannot take it.
                    pixels = np.asarray(image)
                    assert pixels.shape == (size, size, 3), pixels.shape
                    cases.append(
                        {
                            "resizeMode": mode,
                            "interpolation": interpolation,
                            "size": size,
                            "fill": fill,
                            "width": width,
                            "height": height,
                            "sha256": hashlib.sha256(pixels.tobytes()).hexdigest(),
                            "first": pixels.reshape(-1)[:6].tolist(),
                        }
                    )
    with open(file, "w") as out:
        out.write("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n")


main(*sys.argv[1:])
