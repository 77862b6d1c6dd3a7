"""Turns the trained student into model.onnx, and fits its calibration.

    python export.py --data DIR --work DIR --model DIR

Temperature, bias and threshold come from the validation split alone, from the
images as they are together with perturbed copies of them.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
import torch
from scipy.optimize import minimize
from torch import Tensor

import data
from augment import Augmenter
from network import STUDENT, Net, fold_batch_norm

COPIES = 4  # perturbed copies of each validation image
SEED = 99  # of the perturbation
SENSITIVITY = 0.96  # wanted on the validation split, mean of plain and perturbed
OPSET = 17


def margin(net: Net, x: Tensor) -> np.ndarray:
    """Logit of PNEUMONIA minus logit of NORMAL, in float32."""
    with torch.no_grad():
        logits = torch.cat([net(part) for part in x.split(64)])
    return (logits[:, 1] - logits[:, 0]).double().numpy()


@dataclass(frozen=True)
class Answers:
    """Margins on the validation split, with the weight that each one has."""

    margins: np.ndarray
    labels: np.ndarray
    weights: np.ndarray  # of each class 1 in all: half plain, half perturbed images


def validation_answers(net: Net, data_dir: Path) -> Answers:
    """The net's margins on the validation images, plain and perturbed."""
    _, examples = data.split_training(data_dir)
    large = torch.from_numpy(data.load_pixels(examples, data.SOURCE))
    pixels = data.load_pixels(examples, data.SIZE)
    exact = torch.from_numpy(pixels)
    margins = [margin(net, torch.from_numpy(data.normalise(pixels)))]
    augment = Augmenter(SEED)
    for _ in range(COPIES):
        views = [augment(a, b) for a, b in zip(large.split(64), exact.split(64))]
        margins.append(margin(net, torch.cat(views)))
    labels = np.tile(data.labels_of(examples), len(margins))
    copy = np.repeat([0.5] + [0.5 / COPIES] * COPIES, len(examples))
    in_class = np.bincount(labels)[labels] / len(margins)
    return Answers(np.concatenate(margins), labels, copy / in_class)


def calibrate(answers: Answers) -> tuple[float, float]:
    """Temperature and offset: P(PNEUMONIA) = sigmoid((margin + offset) / temperature).

    The likelihood counts both classes equally, as people's mix is not known.
    """
    sign = np.where(answers.labels == 1, 1.0, -1.0)

    def loss(values: np.ndarray) -> float:
        scaled = (answers.margins + values[1]) / np.exp(values[0])
        return float((answers.weights * np.logaddexp(0, -sign * scaled)).sum())

    found = minimize(loss, np.zeros(2), method="Nelder-Mead").x
    return float(np.exp(found[0])), float(found[1])


def choose_cut(answers: Answers) -> float:
    """The highest margin at which the sensitivity is at least SENSITIVITY."""
    sick = answers.labels == 1
    order = np.argsort(-answers.margins[sick])
    found = np.cumsum(answers.weights[sick][order])
    return float(answers.margins[sick][order][np.searchsorted(found, SENSITIVITY)])


def write_onnx(net: Net, path: Path) -> None:
    """One file, fixed shape, batch norm folded, plain operators."""
    path.parent.mkdir(parents=True, exist_ok=True)
    sample = torch.zeros(1, 1, data.SIZE, data.SIZE)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            net, (sample,), path, dynamo=False, opset_version=OPSET,
            input_names=["input"], output_names=["logits"],
        )  # fmt: skip
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="holds chest-xray/")
    parser.add_argument("--work", type=Path, required=True, help="holds student.pt")
    parser.add_argument("--model", type=Path, required=True, help="gets 1/model.onnx")
    arguments = parser.parse_args()
    torch.set_num_threads(2)
    net = Net(STUDENT).eval()
    net.load_state_dict(torch.load(arguments.work / "student.pt"))
    net = fold_batch_norm(net)
    answers = validation_answers(net, arguments.data)
    temperature, offset = calibrate(answers)
    with torch.no_grad():  # the offset becomes part of the last layer
        net.head.bias += torch.tensor([-offset / 2, offset / 2])
    cut = (choose_cut(answers) + offset) / temperature
    threshold = math.floor(100 / (1 + math.exp(-cut))) / 100
    path = arguments.model / "1" / "model.onnx"
    write_onnx(net, path)
    torch.save(net, arguments.work / "exported.pt")  # what the file was made from
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    values = {"temperature": temperature, "offset": offset, "threshold": threshold}
    print(json.dumps(values | {"sha256": digest}, indent=1))


if __name__ == "__main__":
    main()
