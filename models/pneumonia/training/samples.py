"""Makes the committed samples and their expected answers, computed by PyTorch.

    python samples.py --data DIR --work DIR --model DIR

Ten test images, four of them hard, are copied unchanged; five more are made from
some of them, one of each form that people's files have. `exported.pt` in --work
comes from export.py.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tomllib
from pathlib import Path

import numpy as np
import torch
from PIL import Image

import data
from evaluate import probability_of

COPIED = {
    "NORMAL": (
        "IM-0027-0001.jpeg",
        "IM-0109-0001.jpeg",
        "NORMAL2-IM-0145-0001.jpeg",
        "NORMAL2-IM-0150-0001.jpeg",
        "NORMAL2-IM-0237-0001.jpeg",
    ),
    "PNEUMONIA": (
        "person113_bacteria_540.jpeg",
        "person139_bacteria_662.jpeg",
        "person127_bacteria_604.jpeg",
        "person31_virus_70.jpeg",
        "person172_bacteria_828.jpeg",
    ),
}
QUALITY = 92  # of the written JPEG files
WIDE = (1000, 700)  # a size and aspect unlike the network's
TALL = (431, 640)


def make_variants(folder: Path) -> dict[str, str]:
    """Write the changed files; returns each one's class."""
    normal, sick = COPIED["NORMAL"], COPIED["PNEUMONIA"]
    smooth = Image.Resampling.BICUBIC
    with Image.open(folder / normal[0]) as image:
        image.convert("L").save(folder / "grey-8-bit.png", optimize=True)
    with Image.open(folder / sick[0]) as image:
        grey = np.asarray(image.convert("L")).astype(np.uint16)
    # The low byte is not 0, so that a reader must drop it, not round it.
    deep = Image.fromarray(grey * 256 + 200)
    deep.save(folder / "grey-16-bit.png", optimize=True)
    with Image.open(folder / normal[1]) as image:
        red, green, blue = image.convert("RGB").split()
        tinted = Image.merge("RGB", (red, green, blue.point(lambda v: min(255, v + 25))))
        tinted.save(folder / "colour.png", optimize=True)
    with Image.open(folder / sick[1]) as image:
        large = image.convert("L").resize(WIDE, smooth)
        large.save(folder / "wide-grey.jpeg", quality=QUALITY)
    with Image.open(folder / sick[3]) as image:
        high = image.convert("RGB").resize(TALL, smooth)
        high.save(folder / "tall-progressive.jpeg", quality=QUALITY, progressive=True)
    return {
        "grey-8-bit.png": "NORMAL",
        "grey-16-bit.png": "PNEUMONIA",
        "colour.png": "NORMAL",
        "wide-grey.jpeg": "PNEUMONIA",
        "tall-progressive.jpeg": "PNEUMONIA",
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="holds chest-xray/")
    parser.add_argument("--work", type=Path, required=True, help="holds exported.pt")
    parser.add_argument("--model", type=Path, required=True, help="gets samples/")
    arguments = parser.parse_args()
    card = tomllib.loads((arguments.model / "model.toml").read_text())
    net = torch.load(arguments.work / "exported.pt", weights_only=False).eval()
    folder = arguments.model / "samples"
    folder.mkdir(exist_ok=True)
    truth = {}
    for label, names in COPIED.items():
        for name in names:
            source = arguments.data / "chest-xray" / "test" / label / name
            shutil.copyfile(source, folder / name)
            truth[name] = label
    truth |= make_variants(folder)
    expected = []
    for name, label in truth.items():
        pixels = data.preprocess(folder / name)
        with torch.no_grad():
            logits = net(torch.from_numpy(data.normalise(pixels[None]))).numpy()
        probability = float(probability_of(logits, card["output"]["temperature"])[0])
        row = {"file": name, "label": label, "probability": probability}
        expected.append(row | {"logits": [float(v) for v in logits[0]]})
    (folder / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")


if __name__ == "__main__":
    main()
