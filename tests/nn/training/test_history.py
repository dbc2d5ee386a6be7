"""History: a mapping from names to numbers, and a table and a picture of itself."""

import copy
import json
import pickle
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn.training import History

NUMBERS = st.floats(allow_nan=False)


@given(st.lists(st.fixed_dictionaries({"loss": NUMBERS, "val_loss": NUMBERS})))
def test_it_maps_names_to_the_numbers_of_all_epochs(epochs: list[dict[str, float]]) -> None:
    history = History()
    for measured in epochs:
        history.append(measured)
    assert history.epochs == len(epochs)
    assert dict(history) == history.to_dict() == {name: [x[name] for x in epochs] for name in (epochs or [{}])[0]}
    assert History(history.to_dict()).to_dict() == history.to_dict()


@given(st.integers(0, 40))
def test_it_prints_the_first_epochs_and_the_last(n: int) -> None:
    history = History({"loss": [float(i) for i in range(1, n + 1)]})
    header, *rows = [row.split() for row in str(history).splitlines()]
    assert header == ["epoch", "loss"]
    shown = [int(row[0]) for row in rows if row[0] != "…"]
    assert shown == [i for i in range(1, n + 1) if n <= 11 or i <= 3 or i > n - 7]
    assert ["…", "…"] in rows or n <= 11
    assert all(row[0] == row[1] for row in rows)


def test_its_columns_are_aligned() -> None:
    lines = str(History({"loss": [0.5, 12.25], "val_accuracy": [1.0, 0.123456]})).splitlines()
    assert len({len(line) for line in lines}) == 1


def test_its_lists_are_not_those_that_are_handed_in_or_out() -> None:
    given = {"loss": [1.0]}
    history = History(given)
    for outside in (given, history.to_dict()):
        outside["loss"].append(2.0)
    assert history["loss"] == [1.0]


def test_numbers_of_numpy_become_floats() -> None:
    history = History()
    history.append({"loss": np.float64(0.5)})
    assert type(history["loss"][0]) is float


@given(st.lists(st.fixed_dictionaries({"loss": NUMBERS, "val_loss": NUMBERS})))
def test_it_is_a_dict_to_all_that_take_dicts(epochs: list[dict[str, float]]) -> None:
    history = History(seconds=2.5)
    for measured in epochs:
        history.append(measured)
    assert json.loads(json.dumps(history)) == dict(history) == history
    for twin in (copy.deepcopy(history), pickle.loads(pickle.dumps(history))):
        assert (twin, twin.seconds, repr(twin)) == (history, 2.5, repr(history))


def test_a_name_that_it_has_not_is_an_error_with_those_that_it_has() -> None:
    with pytest.raises(KeyError, match="loss, lr"):
        History({"loss": [1.0], "lr": [0.1]})["acc"]


def test_it_plots_a_curve_for_each_name_and_shows_itself_in_notebooks() -> None:
    history = History({"loss": [0.9, 0.5], "val_loss": [1.0, 0.7]})
    lines = history.plot().figure.axes[0].lines
    assert [line.get_ydata().tolist() for line in lines][:2] == [[0.9, 0.5], [1.0, 0.7]]
    assert history.plot(log=True).figure.axes[0].get_yscale() == "log"
    assert history._repr_png_().startswith(b"\x89PNG")


def test_an_empty_one_has_no_picture() -> None:
    assert History()._repr_png_() is None


def test_training_comes_without_what_draws() -> None:
    code = "import sys, nn.training; print(sys.modules.keys() & {'viz', 'matplotlib', 'rich'})"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "set()\n"
