"""The pytest plugin: a fixture that checks gradients and, with `--autograd-report DIR`, pictures of what failed."""

import functools
import re
import tempfile
import warnings
from collections.abc import Callable, Generator, Iterator, Sequence
from hashlib import sha256
from itertools import chain
from pathlib import Path
from traceback import walk_tb
from typing import TYPE_CHECKING, Any

import pytest

from autograd.numerals import count
from autograd.value import Value

if TYPE_CHECKING:
    from autograd.testing import Report
    from autograd.testing.program import Program
    from viz import Picture

_PLUGIN = "autograd_failures"
_PROPERTY = "autograd_picture"  # in which a test's result has a file's path
_LONGEST_NAME = 150


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--autograd-report`."""
    help_text = "save pictures (SVG) in DIR of what tests fail with: reports of check_gradients, Hypothesis's programs"
    parser.getgroup("autograd").addoption("--autograd-report", metavar="DIR", help=help_text)


def pytest_configure(config: pytest.Config) -> None:
    """Watch for failures."""
    start, folder = config.invocation_params.dir, config.getoption("autograd_report")
    if folder is not None:
        _make(start / folder)
    config.pluginmanager.register(Failures(start, folder), _PLUGIN)


def _make(folder: Path) -> None:
    """Make sure that there is such a folder, and that files can be written there."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        hint = "give a folder that you may write to"
        raise pytest.UsageError(f"--autograd-report: {folder}: {error.strerror or error}; {hint}") from error


@pytest.fixture(scope="session")
def check_gradients(pytestconfig: pytest.Config) -> Callable[..., "Report"]:
    """The function `autograd.testing.check_gradients`: `check_gradients(f, *inputs)` gives a report.

    If a test fails, its latest report that found something wrong is shown, and drawn with `--autograd-report`.
    """
    from autograd.testing import check_gradients

    failures = pytestconfig.pluginmanager.get_plugin(_PLUGIN)
    assert isinstance(failures, Failures)
    return failures.noting(check_gradients)


class Failures:
    """What of the running test is to be shown if it fails, and the folder in which pictures of it are saved, if any."""

    def __init__(self, start: Path, folder: str | None) -> None:
        self.start, self.folder = start, folder
        self.latest: Report | None = None

    def noting(self, check: Callable[..., "Report"]) -> Callable[..., "Report"]:
        """The function `check`, whose reports are noted if they find something wrong."""

        @functools.wraps(check)
        def noted(*given: Any, **options: Any) -> "Report":
            report = check(*given, **options)
            if not report.ok:
                self.latest = report
            return report

        return noted

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self) -> None:
        """Forget the test before."""
        self.latest = None

    @pytest.hookimpl(wrapper=True, tryfirst=True)  # tryfirst, so that an expected failure has become none
    def pytest_runtest_makereport(
        self, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Show what a test failed with. Hypothesis ends with the simplest example, so it is that one."""
        result = yield
        is_to_show = self.latest is not None or self.folder is not None
        if is_to_show and result.failed and call.excinfo is not None and call.when != "teardown":
            self._show(result, *_found(call.excinfo.value))
        return result

    def _show(self, result: pytest.TestReport, reports: "list[Report]", programs: "list[Program]") -> None:
        if self.latest is not None and self.latest not in reports:  # else the error's own message is the report
            result.sections.append(("check_gradients", str(self.latest)))
            reports.append(self.latest)
        if self.folder is not None:
            self._draw(result, self.folder, [*(report for report in reports if report.roots), *programs])

    def _draw(self, result: pytest.TestReport, folder: str, subjects: "Sequence[Report | Program]") -> None:
        """Save a picture of each; the test's result, which pytest-xdist's workers send on, has the files' names."""
        for number, subject in enumerate(subjects, 1):
            path = Path(folder, file_name(result.nodeid) + (f"-{number}" if number > 1 else "") + ".svg")
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")  # a warning that fails a test must not keep it from being drawn
                    _picture(subject).save(self.start / path)
            except Exception as problem:  # whatever it is, the test's own failure must be seen
                result.sections.append(("autograd", f"{path} was not saved: {problem}"))
            else:
                result.user_properties.append((_PROPERTY, str(path)))

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Name the files."""
        results = chain.from_iterable(terminalreporter.stats.values())
        properties = chain.from_iterable(getattr(result, "user_properties", ()) for result in results)
        paths = [str(value) for name, value in properties if name == _PROPERTY]
        if paths:
            terminalreporter.write_line(f"autograd: saved {count(len(paths), 'graph')}: {', '.join(paths)}")


def file_name(nodeid: str) -> str:
    """A name for files about a test, of letters, digits, `-` and `_`, and as good as unique.

    >>> file_name("tests/test_f.py::TestF::test_g"), file_name("test_f.py::test_g[1/2]")
    ('tests-test_f-py-TestF-test_g', 'test_f-py-test_g-1-2-02971720')
    """
    name = re.sub(r"[^A-Za-z0-9_]+", "-", nodeid).strip("-")
    if len(name) <= _LONGEST_NAME and not re.search(r"[^A-Za-z0-9_./:]", nodeid):
        return name
    # What was left out or cut off may be all that tells this test from another.
    digest = sha256(nodeid.encode(errors="backslashreplace")).hexdigest()
    return f"{name[:_LONGEST_NAME]}-{digest[:8]}"


def _found(error: BaseException) -> "tuple[list[Report], list[Program]]":
    """What a failure has to show: the reports that it carries, and the programs in the frames that it went through."""
    from autograd.testing import GradientError
    from autograd.testing.program import Program

    errors = list(_with_members(error))
    reports = [each.report for each in errors if isinstance(each, GradientError)]
    frames = (frame for each in errors for frame, _ in walk_tb(each.__traceback__))
    # Not by isinstance: a stranger's object may claim to be of any class, or raise when it is asked.
    programs = (x for frame in frames for x in frame.f_locals.values() if type(x) is Program)
    return list(dict.fromkeys(reports)), list(dict.fromkeys(programs))


def _with_members(error: BaseException) -> Iterator[BaseException]:
    """The exception and, if it is a group, all that are in it."""
    waiting = [error]
    while waiting:
        each = waiting.pop()
        yield each
        if isinstance(each, BaseExceptionGroup):
            waiting += reversed(each.exceptions)


def _picture(subject: "Report | Program") -> "Picture":
    import viz
    from autograd.testing import Report

    if isinstance(subject, Report):
        return viz.draw(subject)
    outputs = subject(*map(Value, subject.point, subject.inputs))
    roots = [x for x in (outputs if isinstance(outputs, tuple) else (outputs,)) if isinstance(x, Value)]
    if len(roots) == 1:
        roots[0].backward()
    return viz.draw(roots)
