"""Random views of X-rays: other geometry, exposure, sharpness, noise and marks.

All work on whole batches of grey images in 0..1. Every image draws its own values.
"""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor

from data import MEAN, SIZE, STD

PLAIN = 0.2  # share of batches without warp: these have exactly the model's resampling


class Augmenter:
    """Draws views; `strength` scales every range (1: as trained, 0: none)."""

    def __init__(self, seed: int, strength: float = 1.0) -> None:
        self.random = torch.Generator().manual_seed(seed)
        self.strength = strength

    def uniform(self, n: int, low: float, high: float) -> Tensor:
        """n numbers, shaped to multiply images."""
        drawn = torch.rand(n, 1, 1, 1, generator=self.random)
        return drawn * (high - low) + low

    def spread(self, n: int, reach: float) -> Tensor:
        """n numbers around 0, at most `reach * strength` away."""
        return self.uniform(n, -reach, reach) * self.strength

    def chance(self, n: int, share: float) -> Tensor:
        return torch.rand(n, 1, 1, 1, generator=self.random) < share

    def warp(self, source: Tensor) -> Tensor:
        """Rotation, scale, aspect, shear, shift and mirror; then to SIZE."""
        n = source.shape[0]
        angle = self.spread(n, math.radians(12)).flatten()
        shear = self.spread(n, 0.12).flatten()
        zoom = torch.exp(self.spread(n, 0.18) - 0.04).flatten()
        aspect = torch.exp(self.spread(n, 0.16)).flatten()
        mirror = torch.where(self.chance(n, 0.5), -1.0, 1.0).flatten()
        theta = torch.zeros(n, 2, 3)
        theta[:, 0, 0] = torch.cos(angle) * zoom * aspect * mirror
        theta[:, 0, 1] = (-torch.sin(angle) + shear) * zoom * aspect
        theta[:, 1, 0] = torch.sin(angle) * zoom / aspect * mirror
        theta[:, 1, 1] = torch.cos(angle) * zoom / aspect
        theta[:, 0, 2] = self.spread(n, 0.12).flatten()
        theta[:, 1, 2] = self.spread(n, 0.12).flatten()
        grid = F.affine_grid(theta, [n, 1, SIZE, SIZE], align_corners=False)
        # Half of the batches are continued at the rim, half are black there.
        rim = "border" if torch.rand((), generator=self.random) < 0.5 else "zeros"
        return F.grid_sample(source, grid, padding_mode=rim, align_corners=False)

    def sharpness(self, x: Tensor) -> Tensor:
        """From clearly blurred to over-sharpened."""
        n = x.shape[0]
        sigma = torch.exp(self.uniform(n, math.log(0.5), math.log(2.0)))
        steps = torch.arange(-3, 4).view(1, 1, 1, 7)
        row = torch.exp(-(steps**2) / (2 * sigma**2))
        row = row / row.sum(-1, keepdim=True)
        stacked = F.pad(x.transpose(0, 1), (3, 3, 3, 3), mode="replicate")
        blurred = F.conv2d(stacked, row, groups=n)
        blurred = F.conv2d(blurred, row.transpose(2, 3), groups=n).transpose(0, 1)
        amount = self.uniform(n, -1.0, 1.2) * self.strength
        amount = torch.where(self.chance(n, 0.7), amount, torch.zeros(()))
        return x + amount * (x - blurred)

    def exposure(self, x: Tensor) -> Tensor:
        """Gamma, contrast, brightness and a slow change of light across the image."""
        n = x.shape[0]
        x = x.clamp(1e-4, 1) ** torch.exp(self.spread(n, 0.6))
        centre = x.mean((2, 3), keepdim=True)
        x = (x - centre) * torch.exp(self.spread(n, 0.5) - 0.05) + centre
        x = x + self.spread(n, 0.22)
        field = torch.rand(n, 1, 3, 3, generator=self.random) * 2 - 1
        field = F.interpolate(field, x.shape[2:], mode="bicubic", align_corners=True)
        return x + field * self.uniform(n, 0, 0.15) * self.strength

    def noise(self, x: Tensor) -> Tensor:
        """Grain; on some images coarse, as after an enlargement."""
        n, _, height, width = x.shape
        fine = torch.randn(x.shape, generator=self.random)
        coarse = torch.randn(n, 1, height // 2, width // 2, generator=self.random)
        coarse = F.interpolate(coarse, scale_factor=2)
        grain = torch.where(self.chance(n, 0.7), fine, coarse)
        amount = self.uniform(n, 0, 0.05) * self.strength
        return x + grain * torch.where(self.chance(n, 0.6), amount, torch.zeros(()))

    def marks(self, x: Tensor) -> Tensor:
        """One or two flat rectangles per image: letters, plates, covered parts."""
        n, _, height, width = x.shape
        rows = torch.arange(height).view(1, 1, height, 1) / height
        columns = torch.arange(width).view(1, 1, 1, width) / width
        for share in (0.5, 0.3):
            top, left = self.uniform(n, -0.1, 1), self.uniform(n, -0.1, 1)
            tall = self.uniform(n, 0.03, 0.3) * self.strength
            wide = self.uniform(n, 0.03, 0.3) * self.strength
            inside = (rows >= top) & (rows < top + tall)
            inside = inside & (columns >= left) & (columns < left + wide)
            inside = inside & self.chance(n, share)
            x = torch.where(inside, self.uniform(n, 0, 1), x)
        return x

    def __call__(self, large: Tensor, exact: Tensor) -> Tensor:
        """Views of 8-bit images as the network's input, [n, 1, SIZE, SIZE].

        The same images come twice: [n, SOURCE, SOURCE], from which a warped view
        is drawn, and [n, SIZE, SIZE] as the model gets them.
        """
        if torch.rand((), generator=self.random) < PLAIN:
            x = exact[:, None].float() / 255
            x = torch.where(self.chance(len(x), 0.5), x.flip(3), x)
        else:
            x = self.warp(large[:, None].float() / 255)
        x = self.marks(self.sharpness(x))
        x = self.noise(self.exposure(x))
        return (x.clamp(0, 1) - MEAN) / STD
