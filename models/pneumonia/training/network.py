"""The network: a small residual net of plain 3x3 convolutions."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

STUDENT = (16, 32, 64, 96)  # channels at 1/2, 1/4, 1/8 and 1/16 of the input side
TEACHER = (24, 48, 96, 160)  # the same net, wider
BLOCKS = (1, 2, 1)  # residual blocks at 1/4, 1/8 and 1/16
DROPOUT = 0.2  # before the last layer


def conv(inputs: int, outputs: int, stride: int = 1) -> nn.Sequential:
    """3x3 convolution and batch norm."""
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False), nn.BatchNorm2d(outputs)
    )


class Block(nn.Module):
    """Two convolutions beside a straight path."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first = conv(channels, channels)
        self.second = conv(channels, channels)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.relu(x + self.second(torch.relu(self.first(x))))


class Net(nn.Module):
    """Grey image [n, 1, S, S] to logits [n, 2]."""

    def __init__(self, channels: tuple[int, ...] = STUDENT) -> None:
        super().__init__()
        layers: list[nn.Module] = [conv(1, channels[0], 2), nn.ReLU()]
        for before, after, blocks in zip(channels, channels[1:], BLOCKS):
            layers += [conv(before, after, 2), nn.ReLU()]
            layers += [Block(after) for _ in range(blocks)]
        self.features = nn.Sequential(*layers)
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.dropout = nn.Dropout(DROPOUT)
        self.head = nn.Linear(channels[-1], 2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        pooled = self.pool(self.features(x)).flatten(1)
        return self.head(self.dropout(pooled))


def fold_batch_norm(module: nn.Module) -> nn.Module:
    """Put every batch norm of an evaluating net into the convolution before it."""
    for name, child in module.named_children():
        pair = list(child.children()) if isinstance(child, nn.Sequential) else []
        if len(pair) == 2 and isinstance(pair[1], nn.BatchNorm2d):
            setattr(module, name, fuse_conv_bn_eval(pair[0], pair[1]))
        else:
            fold_batch_norm(child)
    return module
