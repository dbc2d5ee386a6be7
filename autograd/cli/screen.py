"""The interactive screen: the graph with the latest step lit, the step on a board below, and the keys that move it."""

import io
from collections.abc import Callable
from typing import Any

from prompt_toolkit.application import Application
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.data_structures import Point
from prompt_toolkit.filters import has_focus
from prompt_toolkit.formatted_text import ANSI
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.layout import ConditionalContainer, FormattedTextControl, HSplit, Layout, Window
from prompt_toolkit.widgets import TextArea
from rich.console import Console

from autograd.cli.lesson import Lesson
from autograd.errors import LabelError
from autograd.labels import display
from autograd.source import normalized
from autograd.stepper import Stepper
from viz.outline import LIT_MARK, Outline
from viz.view import shown_root

_HELP = " → next   ← back   End run   Home reset   / run to a name   q quit"
_START = "Nothing is done yet: → does the first step."


class Screen:
    """A Stepper moved by keys; nothing is changed but its place."""

    def __init__(self, lesson: Lesson) -> None:
        self.stepper = Stepper(lesson.root, names=lesson.nodes)
        self._text = display(lesson.text)
        self._message = ""
        self._graph_text, self._lit_line = ANSI(""), 0
        control = FormattedTextControl(
            lambda: self._graph_text, focusable=True, get_cursor_position=lambda: Point(0, self._lit_line)
        )
        self._graph = Window(control, always_hide_cursor=True)
        self._target = TextArea(
            prompt=" run to: ",
            multiline=False,
            height=1,
            accept_handler=self._run_to,
        )
        self.application: Application[None] = Application(
            Layout(self._rows(), focused_element=self._graph),
            key_bindings=self._keys(),
            full_screen=True,
            before_render=self._look,
        )
        self.application.ttimeoutlen = self.application.timeoutlen = 0.1  # seconds that Escape waits for more

    def _rows(self) -> HSplit:
        return HSplit(
            [
                Window(FormattedTextControl(self._title), height=1, style="reverse"),
                self._graph,
                Window(char="─", height=1),
                Window(FormattedTextControl(self._board), wrap_lines=True, dont_extend_height=True),
                ConditionalContainer(self._target, has_focus(self._target)),
                Window(FormattedTextControl(_HELP), height=1, style="reverse"),
            ]
        )

    def _keys(self) -> KeyBindings:
        keys = KeyBindings()
        on_graph = has_focus(self._graph)

        def bind(names: str, action: Callable[[KeyPressEvent], object], where: Any = on_graph) -> None:
            for name in names.split():
                keys.add(name, filter=where)(lambda event: self._do(lambda: action(event)))

        bind("right down n enter", lambda event: self.stepper.next())
        bind("left up p backspace", lambda event: self.stepper.back())
        bind("end", lambda event: self.stepper.run())
        bind("home", lambda event: self.stepper.reset())
        bind("/", lambda event: event.app.layout.focus(self._target))
        bind("escape", lambda event: event.app.layout.focus(self._graph), ~on_graph)
        bind("q", lambda event: event.app.exit())
        bind("c-c c-d", lambda event: event.app.exit(), True)
        return keys

    def _do(self, action: Callable[[], object]) -> None:
        self._message = ""
        action()

    def _run_to(self, buffer: Buffer) -> bool:
        """Take the name that was typed; whether it is to stay in its field."""
        name = normalized(buffer.text.strip())
        try:
            if name and self.stepper.run_to(name) is None:
                self._message = f"No step ahead reaches {name}: go back, or reset."
        except LabelError as error:
            self._message = str(error)
        self.application.layout.focus(self._graph)
        return False

    def _look(self, application: Application[None]) -> None:
        """Draw the graph as it is known now."""
        file = io.StringIO()
        width = application.output.get_size().columns
        Console(file=file, width=width, force_terminal=True, highlight=False).print(
            Outline((shown_root(self.stepper),), self.stepper.names, self.stepper)
        )
        lines = file.getvalue().splitlines()
        self._lit_line = next((i for i, line in enumerate(lines) if line.startswith(LIT_MARK)), 0)
        self._graph_text = ANSI("\n".join(lines))

    def _title(self) -> str:
        position = f"{self.stepper.position:,} of {len(self.stepper):,}"
        return f" step {position}    {self._text}"

    def _board(self) -> str:
        return self._message or (repr(self.stepper.step) if self.stepper.step else _START)


def run(lesson: Lesson) -> None:
    """Show the screen until it is left."""
    Screen(lesson).application.run()
