"""Trains the pneumonia model: two wide teachers, then one small student.

    python train.py --data DIR --work DIR

The student learns from the labels and from the mean of the teachers, on the same
augmented views. All seeds are fixed. Checkpoints and the times used go to --work.
"""

from __future__ import annotations

import argparse
import copy
import json
import math
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

import data
from augment import Augmenter
from network import STUDENT, TEACHER, Net

TEACHER_SEEDS = (11, 12)
STUDENT_SEED = 1
TEACHER_EPOCHS = 16
STUDENT_EPOCHS = 40
PER_CLASS = 2048  # images of each class in an epoch: training sees both equally often
BATCH = 64
RATE = 2e-3  # highest learning rate of AdamW; 200 steps of warm-up, then a cosine to 0
WARM_UP = 200
DECAY = 0.05  # weight decay, on convolution and linear weights only
SMOOTHING = 0.05  # label smoothing, against overconfidence
AVERAGE = 0.998  # the weights kept are a moving average over about 500 steps
SOFT = 0.7  # share of the student's loss that comes from the teachers


@dataclass(frozen=True)
class Pixels:
    """The training images, in the augmenter's two sizes."""

    large: Tensor
    exact: Tensor
    labels: Tensor


def load(data_dir: Path) -> Pixels:
    examples, _ = data.split_training(data_dir)
    return Pixels(
        torch.from_numpy(data.load_pixels(examples, data.SOURCE)),
        torch.from_numpy(data.load_pixels(examples, data.SIZE)),
        torch.from_numpy(data.labels_of(examples)),
    )


def epoch_order(labels: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Shuffled indices with PER_CLASS of each class, repeated where one has fewer."""
    chosen = []
    for label in range(len(data.LABELS)):
        members = np.flatnonzero(labels == label)
        rounds = math.ceil(PER_CLASS / len(members))
        shuffled = [random.permutation(members) for _ in range(rounds)]
        chosen.append(np.concatenate(shuffled)[:PER_CLASS])
    return random.permutation(np.concatenate(chosen))


def loss_of(logits: Tensor, labels: Tensor, soft: Tensor | None) -> Tensor:
    """Cross entropy with the labels and, for the student, with the teachers."""
    hard = F.cross_entropy(logits, labels, label_smoothing=SMOOTHING)
    if soft is None:
        return hard
    taught = -(soft * F.log_softmax(logits, 1)).sum(1).mean()
    return SOFT * taught + (1 - SOFT) * hard


def follow(average: Net, net: Net, step: int) -> None:
    """Move the averaged weights a little towards the current ones."""
    share = 1 - min(AVERAGE, (step + 1) / (step + 10))
    with torch.no_grad():
        for kept, new in zip(average.state_dict().values(), net.state_dict().values()):
            if kept.dtype.is_floating_point:
                kept.lerp_(new, share)
            else:
                kept.copy_(new)


def fit(
    pixels: Pixels,
    channels: tuple[int, ...],
    epochs: int,
    seed: int,
    teachers: list[Net],
    checkpoint: Path,
) -> Net:
    """Train one net; its averaged weights are returned and kept in `checkpoint`."""
    torch.manual_seed(seed)
    random = np.random.default_rng(seed)
    augment = Augmenter(seed)
    net = Net(channels).to(memory_format=torch.channels_last)
    average = copy.deepcopy(net).eval()
    weights = [p for p in net.parameters() if p.ndim > 1]
    others = [p for p in net.parameters() if p.ndim <= 1]
    groups = [{"params": weights, "weight_decay": DECAY}, {"params": others, "weight_decay": 0}]
    optimiser = torch.optim.AdamW(groups, lr=RATE)
    total = epochs * 2 * PER_CLASS // BATCH
    step = 0
    for epoch in range(epochs):
        net.train()
        order = epoch_order(pixels.labels.numpy(), random)
        for start in range(0, len(order), BATCH):
            step += 1
            rate = RATE * min(1, step / WARM_UP) * 0.5 * (1 + math.cos(math.pi * step / total))
            for group in optimiser.param_groups:
                group["lr"] = rate
            batch = torch.from_numpy(order[start : start + BATCH])
            view = augment(pixels.large[batch], pixels.exact[batch])
            view = view.contiguous(memory_format=torch.channels_last)
            # bfloat16 halves the time on the processor; weights stay float32.
            with torch.autocast("cpu", torch.bfloat16):
                soft = None
                if teachers:
                    with torch.no_grad():
                        answers = [F.softmax(t(view).float(), 1) for t in teachers]
                    soft = torch.stack(answers).mean(0)
                logits = net(view)
            loss = loss_of(logits.float(), pixels.labels[batch], soft)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            follow(average, net, step)
        torch.save(average.state_dict(), checkpoint)
        print(f"seed {seed}, epoch {epoch + 1} of {epochs}, loss {loss.item():.3f}", flush=True)
    return average


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="holds chest-xray/")
    parser.add_argument("--work", type=Path, required=True, help="for checkpoints")
    arguments = parser.parse_args()
    arguments.work.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(2)
    wall, cpu = time.time(), time.process_time()
    pixels = load(arguments.data)
    teachers = []
    for seed in TEACHER_SEEDS:
        kept = arguments.work / f"teacher-{seed}.pt"
        teachers.append(fit(pixels, TEACHER, TEACHER_EPOCHS, seed, [], kept))
        print(f"{(time.process_time() - cpu) / 60:.1f} processor minutes so far", flush=True)
    kept = arguments.work / "student.pt"
    fit(pixels, STUDENT, STUDENT_EPOCHS, STUDENT_SEED, teachers, kept)
    used = {
        "wall_minutes": (time.time() - wall) / 60,
        "cpu_minutes": (time.process_time() - cpu) / 60,
    }
    (arguments.work / "times.json").write_text(json.dumps(used, indent=1))
    print(used)


if __name__ == "__main__":
    main()
