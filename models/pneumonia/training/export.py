"""Turns the trained student into model.onnx, and fits its calibration.

    python export.py --data DIR --work DIR --model DIR

Temperature, bias and threshold come from the validation split alone, from the
images as they are together with perturbed copies of them.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import warnings
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
OPSET = 17


def margin(net: Net, x: Tensor) -> np.ndarray:
    """Logit of PNEUMONIA minus logit of NORMAL, in float32."""
    with torch.no_grad():
        logits = torch.cat([net(part) for part in x.split(64)])
    return (logits[:, 1] - logits[:, 0]).double().numpy()


def validation_margins(net: Net, data_dir: Path) -> tuple[np.ndarray, np.ndarray]:
    """Margins and labels of the validation images, plain and perturbed."""
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
    return np.concatenate(margins), labels


def calibrate(margins: np.ndarray, labels: np.ndarray) -> tuple[float, float]:
    """Temperature and offset: P(PNEUMONIA) = sigmoid((margin + offset) / temperature).

    The likelihood counts both classes equally, as people's mix is not known.
    """
    sign = np.where(labels == 1, 1.0, -1.0)
    weight = np.where(labels == 1, 1 / (labels == 1).sum(), 1 / (labels == 0).sum())

    def loss(values: np.ndarray) -> float:
        scaled = (margins + values[1]) / np.exp(values[0])
        return float((weight * np.logaddexp(0, -sign * scaled)).sum())

    found = minimize(loss, np.zeros(2), method="Nelder-Mead").x
    return float(np.exp(found[0])), float(found[1])


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


def choose_threshold(margins: np.ndarray, labels: np.ndarray) -> float:
    """Where sensitivity and specificity add up to most, as a margin.

    Several values are often as good; the middle of them is taken.
    """
    values = np.sort(margins)
    positive, negative = np.sort(margins[labels == 1]), np.sort(margins[labels == 0])
    sensitivity = 1 - np.searchsorted(positive, values) / len(positive)
    specificity = np.searchsorted(negative, values) / len(negative)
    total = sensitivity + specificity
    return float(np.median(values[total >= total.max() - 1e-3]))


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
    margins, labels = validation_margins(net, arguments.data)
    temperature, offset = calibrate(margins, labels)
    with torch.no_grad():  # the offset becomes part of the last layer
        net.head.bias += torch.tensor([-offset / 2, offset / 2])
    cut = choose_threshold(margins + offset, labels)
    threshold = round(1 / (1 + float(np.exp(-cut / temperature))), 2)
    path = arguments.model / "1" / "model.onnx"
    write_onnx(net, path)
    torch.save(net, arguments.work / "exported.pt")  # what the file was made from
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    values = {"temperature": temperature, "offset": offset, "threshold": threshold}
    print(json.dumps(values | {"sha256": digest}, indent=1))


if __name__ == "__main__":
    main()
