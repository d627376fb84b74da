"""The segmenter: a narrow network of BiomedParse v1's structure, with the state-dict names that the importer reads.

Sizes are free (SIZES); what is computed is what src/models/biomedparse writes as ONNX graphs, for many pictures and prompts at once.
"""

import math
from collections import OrderedDict
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import nn

MEAN, STD = [123.675, 116.28, 103.53], [58.395, 57.12, 57.375]
SIZES = dict(embed=24, depths=[1, 1, 2, 1], levels=[3, 3, 3, 3], windows=[3, 3, 3, 3], width=64, heads=8, feed_forward=256,
             encoder_layers=2, decoder_layers=3, queries=16, text_width=64, text_heads=4, text_layers=2, context=77, image=256)
GROUPS = 32


class Linears(nn.Module):
    """Rows of a stacked query, key and value projection, as torch's MultiheadAttention stores them."""

    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.in_proj_weight = nn.Parameter(torch.empty(3 * width, width))
        self.in_proj_bias = nn.Parameter(torch.zeros(3 * width))
        self.out_proj = nn.Linear(width, width)
        nn.init.xavier_uniform_(self.in_proj_weight)
        nn.init.zeros_(self.out_proj.bias)

    def part(self, x, at):
        """[batch, tokens, width] → [batch, heads, tokens, width / heads]"""
        width = x.shape[-1]
        rows = slice(at * width, (at + 1) * width)
        y = F.linear(x, self.in_proj_weight[rows], self.in_proj_bias[rows])
        return y.unflatten(-1, (self.heads, -1)).transpose(1, 2)

    def mix(self, query, key, value, bias=None):
        mixed = F.scaled_dot_product_attention(query, key, value, attn_mask=bias)
        return self.out_proj(mixed.transpose(1, 2).flatten(2))

    def forward(self, x, positions=None, bias=None):
        placed = x if positions is None else x + positions
        return self.mix(self.part(placed, 0), self.part(placed, 1), self.part(x, 2), bias)


class Modulation(nn.Module):
    def __init__(self, width, levels, window):
        super().__init__()
        self.width, self.levels = width, levels
        self.f = nn.Linear(width, 2 * width + levels + 1)
        self.h = nn.Conv2d(width, width, 1)
        self.proj = nn.Linear(width, width)
        sizes = [window + 2 * level for level in range(levels)]
        self.focal_layers = nn.ModuleList(
            nn.Sequential(nn.Conv2d(width, width, k, padding=k // 2, groups=width, bias=False)) for k in sizes)

    def forward(self, x):
        query, context, gates = self.f(x).split([self.width, self.width, self.levels + 1], -1)
        # Depthwise convolutions learn four times as fast with the channels last in memory.
        context = context.permute(0, 3, 1, 2).contiguous(memory_format=torch.channels_last)
        gates = gates.permute(0, 3, 1, 2)
        total = 0
        for level, layer in enumerate(self.focal_layers):
            context = F.gelu(layer(context))
            total = total + context * gates[:, level:level + 1]
        total = total + F.gelu(context.mean((2, 3), keepdim=True)) * gates[:, self.levels:]
        modulator = self.h(total / (self.levels + 1)).permute(0, 2, 3, 1)
        return self.proj(query * modulator)


class FocalBlock(nn.Module):
    def __init__(self, width, levels, window):
        super().__init__()
        self.modulation = Modulation(width, levels, window)
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.mlp = nn.ModuleDict(dict(fc1=nn.Linear(width, 4 * width), fc2=nn.Linear(4 * width, width)))
        # The published start of 1e-4 is for long training.
        self.gamma_1, self.gamma_2 = nn.Parameter(torch.full((width,), 0.5)), nn.Parameter(torch.full((width,), 0.5))

    def forward(self, x):
        x = x + self.gamma_1 * self.norm1(self.modulation(x))
        return x + self.gamma_2 * self.norm2(self.mlp["fc2"](F.gelu(self.mlp["fc1"](x))))


class Patches(nn.Module):
    def __init__(self, into, out, kernel, stride, padding):
        super().__init__()
        self.proj = nn.Conv2d(into, out, kernel, stride, padding)
        self.norm = nn.LayerNorm(out)

    def forward(self, x):
        return self.norm(self.proj(x).permute(0, 2, 3, 1))


class Stage(nn.Module):
    def __init__(self, width, depth, levels, window, last):
        super().__init__()
        self.blocks = nn.ModuleList(FocalBlock(width, levels, window) for _ in range(depth))
        if not last:
            self.downsample = Patches(width, 2 * width, 3, 2, 1)


class FocalNet(nn.Module):
    def __init__(self, s):
        super().__init__()
        self.patch_embed = Patches(3, s["embed"], 7, 4, 2)
        stages = list(enumerate(zip(s["depths"], s["levels"], s["windows"])))
        self.layers = nn.ModuleList(Stage(s["embed"] * 2**i, *shape, last=i == len(stages) - 1) for i, shape in stages)
        for i, _ in stages:
            self.add_module(f"norm{i}", nn.LayerNorm(s["embed"] * 2**i))

    def forward(self, image):
        x, maps = self.patch_embed(image), []
        for i, stage in enumerate(self.layers):
            for block in stage.blocks:
                x = block(x)
            maps.append(getattr(self, f"norm{i}")(x).permute(0, 3, 1, 2))
            if i + 1 < len(self.layers):
                x = stage.downsample(x.permute(0, 3, 1, 2))
        return maps


class NormedConv(nn.Conv2d):
    """A convolution without bias whose group norm lies inside it, as detectron2 has it."""

    def __init__(self, into, out, kernel):
        super().__init__(into, out, kernel, padding=kernel // 2, bias=False)
        self.norm = nn.GroupNorm(GROUPS, out)
        nn.init.kaiming_uniform_(self.weight, a=1)

    def forward(self, x):
        return self.norm(super().forward(x))


class EncoderLayer(nn.Module):
    def __init__(self, width, heads, feed_forward):
        super().__init__()
        self.self_attn = Linears(width, heads)
        self.linear1, self.linear2 = nn.Linear(width, feed_forward), nn.Linear(feed_forward, width)
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)

    def forward(self, x, positions):
        x = self.norm1(x + self.self_attn(x, positions))
        return self.norm2(x + self.linear2(F.relu(self.linear1(x))))


def sine_positions(rows, columns, width):
    """[1, rows·columns, width]: the upper half of the channels tells the row, the lower half the column."""
    half = width // 2

    def waves(size):
        share = torch.arange(1, size + 1, dtype=torch.float32) / (size + 1e-6) * 2 * math.pi
        lengths = 10_000 ** (2 * torch.arange(half // 2) / half)
        turned = share[:, None] / lengths
        return torch.stack([turned.sin(), turned.cos()], 2).flatten(1)

    down = waves(rows)[:, None].expand(rows, columns, half)
    across = waves(columns)[None].expand(rows, columns, half)
    return torch.cat([down, across], 2).reshape(1, rows * columns, width)


class PixelDecoder(nn.Module):
    def __init__(self, s):
        super().__init__()
        width = s["width"]
        for level in (1, 2, 3):
            self.add_module(f"adapter_{level}", NormedConv(s["embed"] * 2 ** (level - 1), width, 1))
        for level in (1, 2, 3, 4):
            self.add_module(f"layer_{level}", NormedConv(width, width, 3))
        self.mask_features = nn.Conv2d(width, width, 3, padding=1)
        self.input_proj = nn.Conv2d(s["embed"] * 8, width, 1)
        layers = nn.ModuleList(EncoderLayer(width, s["heads"], s["feed_forward"]) for _ in range(s["encoder_layers"]))
        self.transformer = nn.ModuleDict(dict(encoder=nn.ModuleDict(dict(layers=layers))))

    def forward(self, stages):
        start = self.input_proj(stages[3])
        positions = sine_positions(*start.shape[2:], start.shape[1])
        x = start.flatten(2).transpose(1, 2)
        for layer in self.transformer["encoder"]["layers"]:
            x = layer(x, positions)
        source, maps = x.transpose(1, 2).reshape(start.shape), []
        for level in (4, 3, 2, 1):
            if level < 4:
                lifted = F.interpolate(maps[-1], scale_factor=2, mode="nearest")
                source = getattr(self, f"adapter_{level}")(stages[level - 1]) + lifted
            maps.append(F.relu(getattr(self, f"layer_{level}")(source)))
        return maps[:3], self.mask_features(maps[3])


class TextBlock(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.attn = Linears(width, heads)
        self.ln_1, self.ln_2 = nn.LayerNorm(width, eps=1e-12), nn.LayerNorm(width, eps=1e-12)
        self.mlp = nn.ModuleDict(dict(c_fc=nn.Linear(width, 4 * width), c_proj=nn.Linear(4 * width, width)))

    def forward(self, x, bias):
        x = x + self.attn(self.ln_1(x), bias=bias)
        hidden = self.mlp["c_fc"](self.ln_2(x))
        return x + self.mlp["c_proj"](hidden * torch.sigmoid(1.702 * hidden))


class TextTower(nn.Module):
    def __init__(self, s, vocabulary):
        super().__init__()
        width = s["text_width"]
        self.token_embedding = nn.Embedding(vocabulary, width)
        self.positional_embedding = nn.Parameter(torch.randn(s["context"], width) * 0.02)
        self.resblocks = nn.ModuleList(TextBlock(width, s["text_heads"]) for _ in range(s["text_layers"]))
        self.ln_final = nn.LayerNorm(width, eps=1e-12)
        nn.init.normal_(self.token_embedding.weight, std=0.05)

    def forward(self, ids):
        length = ids.shape[1]
        x = self.token_embedding(ids) + self.positional_embedding[:length]
        bias = torch.full((length, length), -math.inf).triu(1)
        for block in self.resblocks:
            x = block(x, bias)
        return self.ln_final(x)


class Language(nn.Module):
    def __init__(self, s, vocabulary):
        super().__init__()
        self.lang_encoder = TextTower(s, vocabulary)
        self.lang_proj = nn.Parameter(torch.randn(s["text_width"], s["width"]) * s["text_width"] ** -0.5)
        self.logit_scale = nn.Parameter(torch.tensor(math.log(1 / 0.07)))

    def forward(self, ids):
        """int [prompts, length], padded with the end id → tokens, sentence (at the first end id), which tokens are real."""
        tokens = self.lang_encoder(ids) @ self.lang_proj
        end = ids.argmax(1)
        real = torch.arange(ids.shape[1])[None] <= end[:, None]
        return tokens, tokens[torch.arange(len(ids)), end], real


class Normed(nn.Module):
    """One step of the decoder with its norm; the step's name is the official one."""

    def __init__(self, width, **steps):
        super().__init__()
        for name, step in steps.items():
            self.add_module(name, step)
        self.norm = nn.LayerNorm(width)


class Perceptron(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.layers = nn.ModuleList(nn.Linear(width, width) for _ in range(3))

    def forward(self, x):
        return self.layers[2](F.relu(self.layers[1](F.relu(self.layers[0](x)))))


class Predictor(nn.Module):
    def __init__(self, s, vocabulary):
        super().__init__()
        width, heads, hidden = s["width"], s["heads"], s["feed_forward"]
        count = range(s["decoder_layers"])
        self.transformer_cross_attention_layers = nn.ModuleList(
            Normed(width, multihead_attn=Linears(width, heads)) for _ in count)
        self.transformer_self_attention_layers = nn.ModuleList(Normed(width, self_attn=Linears(width, heads)) for _ in count)
        self.transformer_ffn_layers = nn.ModuleList(
            Normed(width, linear1=nn.Linear(width, hidden), linear2=nn.Linear(hidden, width)) for _ in count)
        self.decoder_norm = nn.LayerNorm(width)
        self.query_feat, self.query_embed = nn.Embedding(s["queries"], width), nn.Embedding(s["queries"], width)
        self.level_embed = nn.Embedding(3, width)
        self.class_embed = nn.Parameter(torch.randn(width, width) * width**-0.5)
        self.mask_embed = Perceptron(width)
        self.lang_encoder = Language(s, vocabulary)

    def forward(self, maps, features, ids, owner):
        """
        maps: three of [pictures, width, h, w], coarse to fine; features [pictures, width, H, W]; ids [prompts, length];
        owner [prompts]: the picture of each prompt.
        → captions [prompts, queries, width], sentence [prompts, width], mask embeddings after each layer.
        """
        tokens, sentence, real = self.lang_encoder(ids)
        prompts, queries = len(ids), self.query_feat.num_embeddings
        memories, shrunk = [], []
        for level, x in enumerate(maps):
            flat = x.flatten(2).transpose(1, 2) + self.level_embed.weight[level]
            memories.append((flat + sine_positions(*x.shape[2:], x.shape[1]), flat))
            small = F.interpolate(features, scale_factor=1 / 2 ** (3 - level), mode="bilinear", align_corners=False)
            shrunk.append(small.flatten(2).detach())
        state = self.query_feat.weight.expand(prompts, -1, -1)
        query_positions = self.query_embed.weight.expand(prompts, -1, -1)
        positions, words = torch.cat([query_positions, tokens], 1), tokens
        # Tokens past the end are seen by nobody.
        seen = torch.cat([torch.ones(prompts, queries, dtype=torch.bool), real], 1)[:, None, None]
        masks = []
        for i, (cross, mixed, ffn) in enumerate(zip(self.transformer_cross_attention_layers,
                                                    self.transformer_self_attention_layers, self.transformer_ffn_layers)):
            level = i % 3
            embedding = self.mask_embed(self.decoder_norm(state))
            masks.append(embedding)
            with torch.no_grad():
                logits = embedding @ shrunk[level][owner]
                visible = (logits >= 0) | (logits.amax(-1, keepdim=True) < 0)
            attend = cross.multihead_attn
            key, value = attend.part(memories[level][0], 1)[owner], attend.part(memories[level][1], 2)[owner]
            looked = attend.mix(attend.part(state + query_positions, 0), key, value, visible[:, None])
            together = torch.cat([cross.norm(state + looked), words], 1)
            together = mixed.norm(together + mixed.self_attn(together, positions, seen))
            together = ffn.norm(together + ffn.linear2(F.relu(ffn.linear1(together))))
            state, words = together[:, :queries], together[:, queries:]
        normed = self.decoder_norm(state)
        masks.append(self.mask_embed(normed))
        return normed @ self.class_embed, sentence, masks


class Segmenter(nn.Module):
    def __init__(self, vocabulary, sizes=None):
        super().__init__()
        s = {**SIZES, **(sizes or {})}
        self.backbone = FocalNet(s)
        self.sem_seg_head = nn.ModuleDict(dict(pixel_decoder=PixelDecoder(s), predictor=Predictor(s, vocabulary)))

    def forward(self, pixels, ids, owner):
        """
        pixels float [pictures, 3, size, size] 0..255; ids int [prompts, length]; owner int [prompts].
        → cosines [prompts, queries], mask features [pictures, width, size/4, size/4], mask embeddings, captions, sentence.
        """
        image = (pixels - torch.tensor(MEAN)[:, None, None]) / torch.tensor(STD)[:, None, None]
        maps, features = self.sem_seg_head["pixel_decoder"](self.backbone(image))
        captions, sentence, masks = self.sem_seg_head["predictor"](maps, features, ids, owner)
        cosines = (direction(captions) @ direction(sentence)[:, :, None])[..., 0]
        return cosines, features, masks, captions, sentence

    @property
    def scale(self):
        return self.sem_seg_head["predictor"].lang_encoder.logit_scale.exp().clamp(max=100)

    @torch.no_grad()
    def answer(self, pixels, ids, owner):
        """Logits [prompts, size/4, size/4] of the query whose caption fits the sentence best, and its number."""
        cosines, features, masks, _, _ = self(pixels, ids, owner)
        best = cosines.argmax(1)
        chosen = masks[-1][torch.arange(len(best)), best]
        return torch.einsum("pc,pchw->phw", chosen, features[owner]), best


def direction(x):
    return x / (x.norm(dim=-1, keepdim=True) + 1e-7)


def save_checkpoint(file, state):
    """As torch.save writes a state dict: one flat dictionary of float32 tensors."""
    flat = OrderedDict((name, value.detach().float().contiguous().clone()) for name, value in state.items())
    part = Path(file).with_suffix(".part")
    torch.save(flat, part)
    part.rename(file)
