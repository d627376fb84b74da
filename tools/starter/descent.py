"""One step of a training, and the moving average of the weights that is kept of it."""

import torch


def take_step(model, average, optimizer, loss, step):
    """Descends along the clipped gradient; `average` follows `model`, at first closely. `step` counts from 1."""
    optimizer.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    keep = min(0.995, 1 - 1 / (1 + step / 10))
    with torch.no_grad():
        for mine, new in zip(average.parameters(), model.parameters()):
            mine.lerp_(new, 1 - keep)
