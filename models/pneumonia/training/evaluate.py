"""All figures and plots of the model, from its ONNX file and its card.

    python evaluate.py --data DIR --model DIR [--split test] [--work DIR]

The split is `validation` unless the test split is asked for by name. Plots go to
`docs/` of the model, and are written for the test split only. With --work, the ONNX
file is compared with PyTorch, whose answers are kept there as `<split>.json`.
"""

from __future__ import annotations

import argparse
import json
import tomllib
from pathlib import Path

import numpy as np
import onnxruntime
import torch

import data
import figures

TOLERANCE = 1e-5  # largest accepted difference of a logit between ONNX and PyTorch


def run_model(path: Path, pixels: np.ndarray) -> np.ndarray:
    """Logits for 8-bit squares, [n, 2]; one image at a time, as in the service."""
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    inputs = data.normalise(pixels)
    return np.concatenate([session.run(None, {"input": x[None]})[0] for x in inputs])


def probability_of(logits: np.ndarray, temperature: float) -> np.ndarray:
    """P(PNEUMONIA), in double precision."""
    margin = (logits[:, 1].astype(float) - logits[:, 0].astype(float)) / temperature
    return 1 / (1 + np.exp(-margin))


def compare(work: Path, names: list[str], logits: np.ndarray, pixels: np.ndarray) -> list[dict]:
    """PyTorch's logits for each file; refused if ONNX's are not the same."""
    net = torch.load(work / "exported.pt", weights_only=False).eval()
    with torch.no_grad():
        batches = torch.from_numpy(data.normalise(pixels)).split(64)
        framework = torch.cat([net(batch) for batch in batches]).numpy()
    difference = float(np.abs(framework - logits).max())
    print(f"ONNX and PyTorch differ by at most {difference:.1e}")
    if difference >= TOLERANCE:
        raise SystemExit("too much")
    return [{"file": n, "logits": [float(v) for v in row]} for n, row in zip(names, framework)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="holds chest-xray/")
    parser.add_argument("--model", type=Path, required=True, help="holds model.toml")
    parser.add_argument("--split", choices=("validation", "test"), default="validation")
    parser.add_argument("--work", type=Path, help="holds exported.pt")
    arguments = parser.parse_args()
    card = tomllib.loads((arguments.model / "model.toml").read_text())
    version = max(card["versions"], key=int)
    threshold = card["output"]["threshold"]
    if arguments.split == "test":
        examples = data.list_split(arguments.data, "test")
    else:
        _, examples = data.split_training(arguments.data)
    labels = data.labels_of(examples)
    pixels = data.load_pixels(examples, data.SIZE)
    logits = run_model(arguments.model / version / "model.onnx", pixels)
    probability = probability_of(logits, card["output"]["temperature"])
    if arguments.work:
        names = [e.path.name for e in examples]
        rows = compare(arguments.work, names, logits, pixels)
        (arguments.work / f"{arguments.split}.json").write_text(json.dumps(rows, indent=1))
    patients = [e.patient for e in examples]
    values = figures.measure(labels, probability, threshold)
    ranges = figures.intervals(labels, probability, patients, threshold)
    table = figures.confusion(labels, probability >= threshold)
    print(f"{arguments.split}: {len(labels)} images, {len(set(patients))} patients")
    for key, value in values.items():
        low, high = ranges[key]
        print(f"{key:15} {value:.4f} ({low:.4f} to {high:.4f})")
    print(json.dumps(dict(zip(data.LABELS, table.tolist()))))
    if arguments.split == "test":
        docs = arguments.model / "docs"
        docs.mkdir(exist_ok=True)
        figures.plot_roc(labels, probability, threshold, docs / "roc.png")
        figures.plot_reliability(labels, probability, docs / "reliability.png")
        figures.plot_confusion(table, data.LABELS, docs / "confusion.png")


if __name__ == "__main__":
    main()
