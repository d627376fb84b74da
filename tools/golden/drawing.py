"""Pictures by rule: the same on every machine, and free of any source."""

import numpy as np
from PIL import Image, ImageDraw

from rule import values


def drawing(index, width, height):
    """Shapes on a gradient with a little noise where the picture is small: RGB."""
    y, x = np.mgrid[:height, :width]
    gradient = np.dstack([x * 255 // max(width - 1, 1), y * 255 // max(height - 1, 1), (x + y + index * 40) % 256])
    noise = 24 * values(f"noise {index}", gradient.size, 0, 1).reshape(gradient.shape) if width * height < 7000 else 0
    image = Image.fromarray(np.clip(gradient + noise, 0, 255).astype(np.uint8))
    draw = ImageDraw.Draw(image)
    for shape in range(5):
        u = values(f"shape {index} {shape}", 7, 0.5, 0.5)
        left, top = float(u[0] * width * 0.8), float(u[1] * height * 0.8)
        box = [left, top, left + float(u[2] * width * 0.4), top + float(u[3] * height * 0.4)]
        color = tuple(int(v * 255) for v in u[4:7])
        draw.ellipse(box, fill=color) if shape % 2 else draw.rectangle(box, fill=color)
    return image
