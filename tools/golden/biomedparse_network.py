"""Cases that go through the network of biomedparse.py, observed from outside: the official functions run as they are."""

import copy
from contextlib import contextmanager

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from scipy import ndimage

from biomedparse_cases import cut_out, padded, read_rgb
from drawing import drawing

# Masks of the attention are thresholds at 0: nearer to one than this, two correct programs may differ.
MIN_DISTANCE = 8e-6
# A logit of a mask that is nearer to 0 may have either sign; ten times what was seen between programs.
UNDECIDED = 3e-4
PICTURES = {
    "e1": (drawing(31, 75, 52), 128, ["bladder", "kidney"]),
    "e2": (drawing(32, 45, 66), 128, ["neoplastic cells in colon pathology", "spleen"]),
    "e3": (drawing(33, 128, 128), 128, ["COVID-19 infection in chest X-ray", "tumor"]),
    "e4": (drawing(34, 83, 62).convert("L"), 128, ["tumor"]),
    "e5": (drawing(35, 200, 151), 256, ["liver"]),
}


class Observer:
    """Runs the official functions of one prompt or of one image type, and keeps what they compute on the way."""

    def __init__(self, model, targets):
        from inference_utils import inference, output_processing

        self.model, self.inference, self.output = model, inference, output_processing
        self.targets, self.seen = targets, {}
        self.official_check = inference.check_mask_stats
        inference.transform = lambda image: image
        inference.BIOMED_OBJECTS = {kind: list(objects) for kind, objects in targets.items()}
        output_processing.get_target_dist = lambda: targets
        self.wrap(inference, "vl_similarity", lambda kept, similarity: kept.append(similarity[:, 0]))
        self.wrap(inference, "check_mask_stats", lambda kept, p: kept.append(float(p)))
        self.wrap(inference, "non_maxima_suppression", lambda kept, masks: kept.append(list(masks)))
        self.observe(model.model)

    @property
    def language(self):
        return self.model.model.sem_seg_head.predictor.lang_encoder

    def observe(self, network):
        decoder = network.sem_seg_head.predictor
        self.wrap(network, "evaluate_demo", lambda kept, answer: kept.append(answer[0]["pred_masks"][0]))
        self.wrap(network.backbone, "forward", lambda kept, maps: kept.append(maps))
        self.wrap(network.sem_seg_head.pixel_decoder, "forward_features", lambda kept, maps: kept.append(maps))
        self.wrap(decoder.lang_encoder, "get_text_token_embeddings", lambda kept, text: kept.append(text))
        heads = decoder.forward_prediction_heads

        def observed(output, mask_features, attn_mask_target_size, **options):
            results = heads(output, mask_features, attn_mask_target_size, **options)
            logits = F.interpolate(results["predictions_mask"], size=attn_mask_target_size, mode="bilinear", align_corners=False)
            self.seen.setdefault("queries", []).append(output[:, 0])
            self.seen.setdefault("distances", []).append(logits.abs().min().item())
            return results

        decoder.forward_prediction_heads = observed

    def wrap(self, owner, name, keep):
        official = getattr(owner, name)

        def observed(*args, **options):
            answer = official(*args, **options)
            keep(self.seen.setdefault(name, []), answer)
            return answer

        setattr(owner, name, observed)

    @contextmanager
    def in_double(self):
        # The embeddings of the classes are no part of the module, and no part of the answer.
        classes = self.language.default_text_embeddings
        self.model.double()
        self.language.default_text_embeddings = classes.double()
        try:
            yield
        finally:
            self.model.float()
            self.language.default_text_embeddings = classes

    def segment(self, pixels, prompt):
        """float32 [size, size]: the probabilities; the rest is in `seen`."""
        self.seen.clear()
        [probabilities] = self.inference.interactive_infer_image(self.model, Image.fromarray(pixels), [prompt])
        return probabilities

    def recognize(self, pixels, image_type, threshold):
        self.seen.clear()
        return self.inference.interactive_infer_image_all(self.model, Image.fromarray(pixels), image_type, threshold)


def end_to_end_cases(folder, observer):
    cases = []
    for name, (picture, size, prompts) in PICTURES.items():
        picture.save(folder / "images" / f"{name}.png", optimize=True)
        pixels = read_rgb(folder / "images" / f"{name}.png", size)
        Image.fromarray(pixels).save(folder / f"expected/{name}-input.png", optimize=True)
        for number, prompt in enumerate(prompts, 1):
            case = {"id": f"{name}-{number}", "image": f"images/{name}.png", "size": size, "network_input": f"expected/{name}-input.png"}
            cases.append({**case, **end_to_end_case(folder, observer, case["id"], picture, pixels, prompt)})
    return cases


def end_to_end_case(folder, observer, name, picture, pixels, prompt):
    probabilities = observer.segment(pixels, prompt)
    seen = {key: copy.copy(value) for key, value in observer.seen.items()}
    [similarity], [masks], [text] = seen["vl_similarity"], seen["evaluate_demo"], seen["get_text_token_embeddings"]
    [mask_features, _, levels], [stages] = seen["forward_features"][0], seen["forward"]
    matched = int(similarity.argmax())
    logits = masks[matched]
    with observer.in_double():
        observer.segment(pixels, prompt)
        exact = observer.seen["evaluate_demo"][0][int(observer.seen["vl_similarity"][0].argmax())]
    conditions = {"smallest_attention_threshold_distance": min(seen["distances"]), "fp32_vs_fp64_logits": (logits - exact).abs().max().item()}
    assert conditions["smallest_attention_threshold_distance"] > MIN_DISTANCE and conditions["fp32_vs_fp64_logits"] < 1e-4, (name, conditions)
    np.save(folder / f"expected/{name}-logits.npy", logits.numpy())
    on_grid = probabilities > 0.5
    on_picture, undecided = mask_of_picture(logits, *picture.size)
    save_mask(folder / f"expected/{name}-mask-net.png", on_grid)
    save_mask(folder / f"expected/{name}-mask.png", on_picture)
    is_read = text["tokens"]["attention_mask"][0].bool()
    maps = {**stages, **{f"map{at}": level for at, level in enumerate(levels)}, "mask_features": mask_features}
    return {
        "prompt": prompt,
        "ids": text["tokens"]["input_ids"][0][is_read].tolist(),
        "text": {"tokens": sampled(text["token_emb"][0][is_read], 32), "class_emb": sampled(text["class_emb"][0], 64)},
        "image_maps": {key: sampled(value[0], 32) for key, value in maps.items()},
        "decoder_queries": [sampled(queries, 16) for queries in seen["queries"]],
        "matched_query": matched,
        "similarity": rounded(similarity),
        "logits": {"file": f"expected/{name}-logits.npy"},
        "mask_network_grid": {"file": f"expected/{name}-mask-net.png", "area": int(on_grid.sum())},
        "mask": {"file": f"expected/{name}-mask.png", "width": picture.width, "height": picture.height,
                 "area": int(on_picture.sum()), "undecided": undecided},
        "p_values": p_values(observer, pixels, probabilities),
        "components": components(on_picture),
        "conditions": conditions,
    }


def mask_of_picture(logits, width, height):
    """The mask laid back over the picture, which the official code leaves to its caller: the logits are enlarged to the
    padded picture, and the picture is cut out. Also the number of logits there that are within UNDECIDED of 0."""
    shape = padded(np.zeros((height, width, 3), np.uint8)).shape
    whole = F.interpolate(logits[None, None], shape[:2], mode="bilinear", align_corners=False)[0, 0].numpy()
    cut = cut_out(whole, width, height)
    return cut > 0, int((np.abs(cut) < UNDECIDED).sum())


def p_values(observer, pixels, probabilities):
    stats = rounded(observer.output.mask_stats(probabilities * 255, pixels))
    return [{"image_type": kind, "target": target, "stats": stats,
             "p_value": float(observer.official_check(pixels, probabilities * 255, kind, target))}
            for kind, objects in observer.targets.items() for target in objects]


def components(mask):
    """The connected parts of a mask by area, then from the top: at most twelve, in both neighborhoods."""
    answers = []
    for connectivity in [8, 4]:
        labels, count = ndimage.label(mask, np.ones((3, 3)) if connectivity == 8 else None)
        areas = ndimage.sum_labels(mask, labels, range(1, count + 1))
        boxes = [{"x": x.start, "y": y.start, "width": x.stop - x.start, "height": y.stop - y.start, "area": int(area)}
                 for (y, x), area in zip(ndimage.find_objects(labels), areas)]
        boxes.sort(key=lambda box: (-box["area"], box["y"], box["x"]))
        answers.append({"connectivity": connectivity, "count": count, "largest": boxes[:12]})
    return answers


def recognition_cases(folder, observer, threshold=0.05):
    cases = []
    for name, image_type in [("e1", "Drawing"), ("e2", "Drawing"), ("e3", "Pathology")]:
        pixels = np.array(Image.open(folder / f"expected/{name}-input.png"))
        masks = observer.recognize(pixels, image_type, threshold)
        seen = {key: list(value) for key, value in observer.seen.items()}
        targets = []
        for at, target in enumerate(observer.targets[image_type]):
            query = int(seen["vl_similarity"][at].argmax())
            logits = seen["evaluate_demo"][at][query]
            area = int((F.interpolate(logits[None, None], pixels.shape[:2], mode="bilinear").sigmoid() > 0.5).sum())
            p = seen["check_mask_stats"][at]
            targets.append({"target": target, "matched_query": query, "area": area, "p_value": p, "rejected": p < threshold})
        final = []
        for target, mask in masks.items():
            file = f"expected/net-{name}-{target.replace(' ', '-')}.png"
            save_mask(folder / file, mask > 0)
            final.append({"target": target, "area": int(mask.sum()), "mask": file})
        case = {"id": f"net-{name}", "network_input": f"expected/{name}-input.png", "image_type": image_type, "p_value_threshold": threshold,
                "smallest_attention_threshold_distance": min(seen["distances"]), "targets": targets,
                "after_nms": seen["non_maxima_suppression"][0], "final": final}
        print(case["id"], case["smallest_attention_threshold_distance"], targets, case["after_nms"], list(masks))
        assert case["smallest_attention_threshold_distance"] > MIN_DISTANCE, case
        cases.append(case)
    return cases


def save_mask(file, mask):
    Image.fromarray(mask.astype(np.uint8) * 255).save(file, optimize=True)


def sampled(tensor, count):
    """Some values of a tensor, evenly spread over it, by their place in row-major order."""
    flat = tensor.detach().flatten()
    index = (np.arange(min(count, len(flat))) + 0.5) * len(flat) // min(count, len(flat))
    index = index.astype(int).tolist()
    return {"shape": list(tensor.shape), "index": index, "value": rounded(flat[index]), "abs_max": float(flat.abs().max())}


def rounded(values):
    return [float(f"{float(value):.9g}") for value in values]
