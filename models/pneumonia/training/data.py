"""Chest X-rays: reading, the fixed 8-bit preprocessing, and the split by patient."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

LABELS = ("NORMAL", "PNEUMONIA")
SIZE = 128  # side of the square that the network sees
SOURCE = 160  # side of the images that augmentation warps to SIZE
MEAN, STD = 0.5, 0.25  # fixed constants, close to those of the training images
VALIDATION_SHARE = 0.12  # of the patients of each series
SPLIT_SEED = 7  # of the draw of the validation patients

_PATIENT = re.compile(r"^((?:NORMAL2-)?IM-|person)(\d+)")


@dataclass(frozen=True)
class Example:
    """One image file with its class (index into LABELS) and its patient."""

    path: Path
    label: int
    series: str  # "IM-", "NORMAL2-IM-" or "person"
    number: int

    @property
    def patient(self) -> str:
        return f"{self.series}{self.number}"


def list_split(data: Path, split: str) -> list[Example]:
    """All files of `data/chest-xray/<split>`, in a fixed order."""
    found = []
    for label, name in enumerate(LABELS):
        for path in sorted((data / "chest-xray" / split / name).iterdir()):
            match = _PATIENT.match(path.name)
            if match is None:
                raise ValueError(f"no patient number in {path.name}")
            found.append(Example(path, label, match[1], int(match[2])))
    return found


def split_training(data: Path) -> tuple[list[Example], list[Example]]:
    """Training and validation examples; no patient number is on both sides.

    Bacterial and viral cases are numbered apart, but a number is kept on one side
    whatever its kind. The test split is not looked at.
    """
    random = np.random.default_rng(SPLIT_SEED)
    examples = list_split(data, "train")
    held: set[str] = set()
    for series in sorted({e.series for e in examples}):
        numbers = sorted({e.number for e in examples if e.series == series})
        first = random.permutation(numbers)[: round(len(numbers) * VALIDATION_SHARE)]
        held |= {f"{series}{n}" for n in first}
    train = [e for e in examples if e.patient not in held]
    validation = [e for e in examples if e.patient in held]
    return train, validation


def to_grey(image: Image.Image) -> Image.Image:
    """Upright 8-bit grey; of 16-bit samples the high byte is kept."""
    image = ImageOps.exif_transpose(image)
    if image.mode.startswith("I"):
        high = np.asarray(image).astype(np.uint32) >> 8
        return Image.fromarray(high.astype(np.uint8))
    return image.convert("L")


def preprocess(path: Path, size: int = SIZE) -> np.ndarray:
    """The 8-bit square that the network sees, before the scaling to floats."""
    with Image.open(path) as image:
        grey = to_grey(image)
    return np.asarray(grey.resize((size, size), Image.Resampling.BILINEAR))


def load_pixels(examples: list[Example], size: int) -> np.ndarray:
    """Stack of 8-bit squares, [n, size, size]."""
    return np.stack([preprocess(e.path, size) for e in examples])


def labels_of(examples: list[Example]) -> np.ndarray:
    return np.array([e.label for e in examples], dtype=np.int64)


def normalise(pixels: np.ndarray) -> np.ndarray:
    """[n, S, S] 8-bit to the network's float32 input, [n, 1, S, S]."""
    scaled = pixels.astype(np.float32) / np.float32(255)
    return ((scaled - np.float32(MEAN)) / np.float32(STD))[:, None]
