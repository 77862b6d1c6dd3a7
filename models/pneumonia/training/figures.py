"""The figures of a binary classifier, with intervals over patients, and its plots."""

from __future__ import annotations

from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
from sklearn.metrics import roc_auc_score, roc_curve

BINS = 15  # equal bins of the calibration error and of the reliability plot
DRAWS = 2000  # bootstrap draws of patients
SEED = 5  # of the bootstrap
DPI = 110


def confusion(labels: np.ndarray, positive: np.ndarray) -> np.ndarray:
    """Rows: truth, columns: answer; NORMAL first."""
    return np.array([[np.sum((labels == t) & (positive == p)) for p in (0, 1)] for t in (0, 1)])


def calibration_error(labels: np.ndarray, probability: np.ndarray) -> float:
    """ECE: mean gap between P(PNEUMONIA) and its share, over bins of P."""
    index = np.minimum((probability * BINS).astype(int), BINS - 1)
    gaps = [
        abs(probability[index == b].sum() - labels[index == b].sum()) for b in range(BINS)
    ]
    return float(sum(gaps) / len(labels))


def confidence_error(labels: np.ndarray, probability: np.ndarray) -> float:
    """ECE of the surer of the two classes: mean gap between confidence and accuracy."""
    confidence = np.maximum(probability, 1 - probability)
    right = (probability >= 0.5) == (labels == 1)
    index = np.minimum((confidence * BINS).astype(int), BINS - 1)
    gaps = [abs(confidence[index == b].sum() - right[index == b].sum()) for b in range(BINS)]
    return float(sum(gaps) / len(labels))


def measure(labels: np.ndarray, probability: np.ndarray, threshold: float) -> dict[str, float]:
    """All figures of one set of answers."""
    positive = probability >= threshold
    (tn, fp), (fn, tp) = confusion(labels, positive)
    return {
        "auc": float(roc_auc_score(labels, probability)),
        "accuracy": float((tp + tn) / len(labels)),
        "sensitivity": float(tp / (tp + fn)),
        "specificity": float(tn / (tn + fp)),
        "precision": float(tp / max(tp + fp, 1)),
        "ece": calibration_error(labels, probability),
        "confidence_ece": confidence_error(labels, probability),
    }


def intervals(
    labels: np.ndarray, probability: np.ndarray, patients: list[str], threshold: float
) -> dict[str, tuple[float, float]]:
    """95 % bootstrap intervals; whole patients are drawn, within their class."""
    random = np.random.default_rng(SEED)
    names = np.array(patients)
    groups = {
        label: [np.flatnonzero(names == n) for n in sorted(set(names[labels == label]))]
        for label in (0, 1)
    }
    rows = []
    for _ in range(DRAWS):
        drawn = [
            group[i]
            for group in groups.values()
            for i in random.integers(0, len(group), len(group))
        ]
        index = np.concatenate(drawn)
        rows.append(measure(labels[index], probability[index], threshold))
    return {
        key: tuple(np.percentile([row[key] for row in rows], [2.5, 97.5]).tolist())
        for key in rows[0]
    }


def plot_roc(labels: np.ndarray, probability: np.ndarray, threshold: float, path: Path) -> None:
    away, found, _ = roc_curve(labels, probability)
    here = measure(labels, probability, threshold)
    figure, axes = plt.subplots(figsize=(4.6, 4.4))
    axes.plot(away, found, color="#1f5fa8")
    axes.plot([0, 1], [0, 1], color="#bbbbbb", linewidth=1)
    point = (1 - here["specificity"], here["sensitivity"])
    axes.plot(*point, "o", color="#c0392b", label=f"threshold {threshold:g}")
    axes.set(xlabel="1 - specificity", ylabel="sensitivity", title=f"ROC, AUC {here['auc']:.3f}")
    axes.legend(loc="lower right")
    save(figure, path)


def plot_reliability(labels: np.ndarray, probability: np.ndarray, path: Path) -> None:
    index = np.minimum((probability * BINS).astype(int), BINS - 1)
    used = [b for b in range(BINS) if np.any(index == b)]
    means = [probability[index == b].mean() for b in used]
    shares = [labels[index == b].mean() for b in used]
    figure, (upper, lower) = plt.subplots(
        2, 1, figsize=(4.6, 5.4), sharex=True, height_ratios=(3, 1)
    )
    upper.plot([0, 1], [0, 1], color="#bbbbbb", linewidth=1)
    upper.plot(means, shares, "o-", color="#1f5fa8")
    error = calibration_error(labels, probability)
    upper.set(ylabel="share with pneumonia", title=f"Reliability, ECE {error:.3f}")
    lower.hist(probability, bins=BINS, range=(0, 1), color="#1f5fa8")
    lower.set(xlabel="P(PNEUMONIA)", ylabel="images")
    save(figure, path)


def plot_confusion(table: np.ndarray, names: tuple[str, ...], path: Path) -> None:
    figure, axes = plt.subplots(figsize=(4.0, 3.4))
    axes.imshow(table / table.sum(1, keepdims=True), cmap="Blues", vmin=0, vmax=1)
    for row in (0, 1):
        for column in (0, 1):
            dark = table[row, column] > table[row].sum() / 2
            colour = "white" if dark else "black"
            axes.text(column, row, table[row, column], ha="center", va="center", color=colour)
    axes.set_xticks((0, 1), names)
    axes.set_yticks((0, 1), names, rotation=90, va="center")
    axes.set(xlabel="answer", ylabel="truth")
    save(figure, path)


def save(figure: plt.Figure, path: Path) -> None:
    figure.tight_layout()
    figure.savefig(path, dpi=DPI, metadata={"Software": None})
    plt.close(figure)
