"""Cases of biomedparse.py that need no network: how pictures are prepared, tokens, and how probabilities are read."""

import hashlib
import inspect

import numpy as np
from PIL import Image
from scipy import stats

from drawing import drawing
from rule import values

TEXTS = ["left lung", "Left  LUNG \t\n", "tumor core in brain MRI", "COVID-19 infection in chest X-ray", "H&amp;E stain, 12.5 mm",
         "it's the patient's lesion; they've 3", "β-cell islet, 5 µm", "café naïve Fuß", "肿瘤 left肿瘤lung", "lung’s “edge” ﬁbrosis",
         "left\xa0lung", "ＬＵＮＧ x²", "🙂 lung", "", "...!?", "spiculated mass " * 40, "a" * 90]


def sha256(array):
    return hashlib.sha256(np.ascontiguousarray(array).tobytes()).hexdigest()


def read_rgb(file, size):
    """The official reader at another size than its 1024: the same function, with that one number changed."""
    from inference_utils import processing_utils

    source = inspect.getsource(processing_utils.read_rgb)
    assert source.count("image_size = 1024") == 1
    names = dict(vars(processing_utils))
    exec(source.replace("image_size = 1024", f"image_size = {size}"), names)
    return names["read_rgb"](file)


def offsets(width, height):
    """Rows above and columns left of the picture in the official reader's padding."""
    return max(0, (width - height) // 2), max(0, (height - width) // 2)


def padded(image):
    top, left = offsets(image.shape[1], image.shape[0])
    return np.pad(image, ((top, top), (left, left), (0, 0)))


def cut_out(array, width, height):
    top, left = offsets(width, height)
    return array[top : top + height, left : left + width]


def preprocessing_cases(folder):
    alpha = Image.fromarray(np.dstack([np.array(drawing(21, 44, 60)), np.array(drawing(22, 44, 60))[:, :, 0]]))
    flat = Image.new("RGB", (70, 40), "white")
    flat.paste((200, 30, 40), (10, 5, 40, 30))
    pictures = {"gray-odd": (drawing(23, 47, 36).convert("L"), [1024, 96]), "wide-odd": (drawing(24, 83, 40), [128, 64]), "tall": (drawing(25, 33, 71), [128]),
                "rgba": (alpha, [96]), "square": (drawing(26, 65, 65), [1024, 32]), "one-pixel": (drawing(27, 1, 1), [64]),
                "column": (drawing(28, 1, 4), [64]), "flat-figure": (flat, [128, 1024]), "large": (drawing(29, 1500, 900), [128])}
    cases = []
    for name, (picture, sizes) in pictures.items():
        file = folder / "images" / f"{name}.png"
        picture.save(file, optimize=True)
        array = np.array(picture)
        array = np.stack([array] * 3, axis=-1) if array.ndim == 2 else array[:, :, :3]
        square = padded(array)
        top, left = offsets(picture.width, picture.height)
        cases.append({"id": name, "image": f"images/{name}.png",
                      "padded": {"width": square.shape[1], "height": square.shape[0], "top": top, "left": left, "sha256": sha256(square)},
                      "resized": [resized(folder, name, size) for size in sizes]})
    return cases


def resized(folder, name, size):
    pixels = read_rgb(folder / "images" / f"{name}.png", size)
    places = [(0, 0), (size - 1, size // 2), (size // 2, size // 2)]
    places += [tuple(int(v) for v in values(f"places {name} {at}", 2, 0.5, 0.4999) * size) for at in range(20)]
    case = {"size": size, "sha256": sha256(pixels), "samples": [[y, x, *(int(v) for v in pixels[y, x])] for y, x in places]}
    if name == "flat-figure" and size < 1024:
        case["file"] = f"expected/pre-{name}-{size}.png"
        Image.fromarray(pixels).save(folder / case["file"], optimize=True)
    return case


def tokenization_cases(tokenizer):
    def case(text):
        tokens = tokenizer([text], padding="max_length", truncation=True, max_length=77)
        return {"text": text, "ids": tokens["input_ids"][0], "length": sum(tokens["attention_mask"][0])}

    return {"tokenisation": [case(text) for text in TEXTS], "tokenisation_special": [case("lung <|endoftext|> liver")]}


def reading_cases(folder):
    """Suppression and combination of given maps, Beta distributions, and masks whose peak lies on an edge."""
    from inference_utils.inference import non_maxima_suppression
    from inference_utils.output_processing import combine_masks, mask_stats

    maps = {
        "overlapping": {"alpha": (disk(10, 12, 6, 0.9), 0.4), "beta": (disk(11, 15, 7, 0.8), 0.6), "gamma": (disk(16, 26, 4, 0.95), 0.2)},
        "inside": {"alpha": (disk(12, 16, 11, 0.7), 0.7), "beta": (disk(12, 16, 3, 0.9), 0.3)},
        "inside-first": {"alpha": (disk(12, 16, 11, 0.7), 0.3), "beta": (disk(12, 16, 3, 0.9), 0.7)},
        "ring": {"alpha": (disk(12, 16, 10, 0.45), 0.2), "beta": (disk(12, 16, 5, 0.8), 0.9)},
        "one-empty": {"alpha": (disk(4, 4, 3, 0.3), 0.9), "beta": (disk(14, 20, 6, 0.7), 0.1)},
        "ties": {"alpha": (disk(8, 8, 5, 0.8), 0.5), "beta": (disk(8, 9, 5, 0.8), 0.5), "gamma": (disk(17, 25, 4, 0.8), 0.5)},
        "all-empty": {"alpha": (disk(8, 8, 5, 0.4), 0.5), "beta": (disk(18, 20, 4, 0.2), 0.6)},
    }
    cases = []
    for name, targets in maps.items():
        probabilities = {target: map_ for target, (map_, _) in targets.items()}
        ps = {target: p for target, (_, p) in targets.items()}
        file = f"expected/map-{name}.npy"
        np.save(folder / file, np.stack(list(probabilities.values())))
        kept = non_maxima_suppression(probabilities, ps)
        # The official combination fails on no masks at all; there is nothing to combine then.
        final = combine_masks(kept) if kept else {}
        cases.append({"id": f"map-{name}", "probabilities": file, "targets": [{"target": target, "p_value": p} for target, p in ps.items()],
                      "after_nms": list(kept), "final": summary(final), "combine_without_nms": summary(combine_masks(probabilities))})
    beta = [{"a": a, "b": b, "x": x, "cdf": float(stats.beta(a, b).cdf(x)), "p": float(stats.ks_1samp([x], stats.beta(a, b).cdf).pvalue)}
            for a, b in [(244.8, 5.31), (151.08, 29.73), (1.45, 17.33), (0.7, 0.9), (8, 3)] for x in [0, 0.02, 0.31, 0.5, 0.84, 0.999, 1]]
    edges = []
    for name, peak in [("below", 0.49), ("between 127 and 128", 0.5), ("exactly 127", 127 / 255), ("above", 0.6)]:
        mask = np.array([[0.1, peak, 0.2, peak]], np.float32)
        with np.errstate(all="ignore"):
            means = [float(mean) for mean in mask_stats(mask * 255, np.full((1, 4, 3), 100, np.uint8))]
        edges.append({"name": name, "peak": float(mask[0, 1]), "stats": [None if np.isnan(mean) else mean for mean in means]})
    return {"maps": cases, "beta": beta, "mask_stats_edges": edges}


def disk(row, column, radius, height):
    """float32 [24, 32]: `height` inside the disk, falling outside of it."""
    y, x = np.mgrid[:24, :32]
    distance = np.hypot(y - row, x - column)
    return (height / (1 + np.exp(2 * (distance - radius)))).astype(np.float32)


def summary(masks):
    return [{"target": target, "area": int(mask.sum()), "sha256": sha256(mask.astype(np.uint8))} for target, mask in masks.items()]
