"""Small files in the formats of the real data, easy to learn from, for machines that have none."""

import gzip
from pathlib import Path

import h5py
import numpy as np
import pandas as pd


def write_all(folder: Path) -> None:
    """Write every data set of the lessons."""
    mnist(folder)
    churn(folder)
    cats(folder)
    sign_digits(folder)


def mnist(folder: Path) -> list[np.ndarray]:
    """300 and 100 images with a bright stripe where the digit says; as the four files hold them."""
    (folder / "mnist").mkdir(parents=True)
    written = []
    for part, n in {"train": 300, "t10k": 100}.items():
        labels = np.arange(n, dtype=np.uint8) % 10
        images = np.random.default_rng(n).integers(0, 100, (n, 28, 28), dtype=np.uint8)
        images[np.arange(n), 2 * labels + 4] = 255
        for name, array in {f"{part}-images-idx3-ubyte": images, f"{part}-labels-idx1-ubyte": labels}.items():
            header = bytes([0, 0, 8, array.ndim]) + np.array(array.shape, ">i4").tobytes()
            (folder / "mnist" / f"{name}.gz").write_bytes(gzip.compress(header + array.tobytes()))
            written.append(array)
    return written


def churn(folder: Path) -> pd.DataFrame:
    """400 customers, of whom the older ones leave."""
    (folder / "churn").mkdir(parents=True)
    rng, n = np.random.default_rng(0), 400
    age = rng.integers(18, 93, n)
    customers = pd.DataFrame(
        {
            "RowNumber": np.arange(1, n + 1),
            "CustomerId": 15_600_000 + np.arange(n),
            "Surname": "Name",
            "CreditScore": rng.integers(350, 851, n),
            "Geography": rng.choice(["France", "Germany", "Spain"], n),
            "Gender": rng.choice(["Male", "Female"], n),
            "Age": age,
            "Tenure": rng.integers(0, 11, n),
            "Balance": rng.uniform(0, 250_000, n).round(2),
            "NumOfProducts": rng.integers(1, 5, n),
            "HasCrCard": rng.integers(0, 2, n),
            "IsActiveMember": rng.integers(0, 2, n),
            "EstimatedSalary": rng.uniform(12, 200_000, n).round(2),
            "Exited": (age > 60).astype(int),
        }
    )
    customers.to_csv(folder / "churn" / "Churn_Modelling.csv", index=False)
    return customers


def cats(folder: Path) -> list[np.ndarray]:
    """40 and 20 photographs, the cats of which are red in the middle; as the two files hold them."""
    (folder / "catvnoncat").mkdir(parents=True)
    written: list[np.ndarray] = []
    for part, n in {"train": 40, "test": 20}.items():
        labels = np.arange(n) % 2
        photographs = np.random.default_rng(n).integers(0, 200, (n, 64, 64, 3), dtype=np.uint8)
        photographs[labels == 1, 24:40, 24:40, 0] = 255
        with h5py.File(folder / "catvnoncat" / f"{part}_catvnoncat.h5", "w") as file:
            file[f"{part}_set_x"], file[f"{part}_set_y"] = photographs, labels
        written += [photographs, labels]
    return written


def sign_digits(folder: Path) -> np.ndarray:
    """2,062 images from 1 to 255, dark but for a bright square in those of the sign 1; as the file holds them."""
    (folder / "sign_digits").mkdir(parents=True)
    images = np.random.default_rng(0).integers(1, 50, (2062, 64, 64), dtype=np.uint8)
    images[822:1028, 20:40, 20:40] = 255
    np.savez_compressed(folder / "sign_digits" / "sign_digits.npz", X_uint8=images)
    return images
