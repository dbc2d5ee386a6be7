"""Whatever is done to Values, in whatever order, their numbers and gradients are those of a naive model."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from autograd import Value
from tests.autograd.programs import OPERATORS, Operand, Program, Record, behind, combined, derivative, is_exact

SMALL = st.integers(-3, 3)
MOST_NODES = 20


class Values(RuleBasedStateMachine):
    """Values beside records of what they are made of; each gradient is computed forward, node by node."""

    def __init__(self) -> None:
        super().__init__()
        self.values: list[Value] = []
        self.records: list[Record] = []
        self.numbers: list[int] = []
        self.grads: list[int | None] = []

    def _append(self, value: Value, record: Record) -> None:
        self.records.append(record)
        self.values.append(value)
        self.numbers.append(record.number)
        self.grads.append(None)

    def _pick(self, data: st.DataObject) -> int:
        return data.draw(st.integers(0, len(self.values) - 1))

    @initialize(number=SMALL)
    def start(self, number: int) -> None:
        self._append(Value(number), Record(number))

    @precondition(lambda self: len(self.values) < MOST_NODES)
    @rule(number=SMALL)
    def make_a_leaf(self, number: int) -> None:
        self._append(Value(number), Record(number))

    @precondition(lambda self: len(self.values) < MOST_NODES)
    @rule(data=st.data(), symbol=st.sampled_from("+-*"))
    def combine_two(self, data: st.DataObject, symbol: str) -> None:
        i, j = self._pick(data), self._pick(data)
        self._combine(symbol, Operand(self.numbers[i], i), Operand(self.numbers[j], j))

    @precondition(lambda self: len(self.values) < MOST_NODES)
    @rule(data=st.data(), symbol=st.sampled_from("+-*"), number=SMALL, is_left=st.booleans())
    def combine_with_a_number(self, data: st.DataObject, symbol: str, number: int, is_left: bool) -> None:
        i = self._pick(data)
        node, constant = Operand(self.numbers[i], i), Operand(number)
        self._combine(symbol, *((constant, node) if is_left else (node, constant)))

    def _combine(self, symbol: str, left: Operand, right: Operand) -> None:
        record = combined(symbol, left, right)
        if is_exact([*self.records, record], len(self.records)):
            operands = (x.number if x.index is None else self.values[x.index] for x in (left, right))
            self._append(OPERATORS[symbol](*operands), record)

    @rule(data=st.data(), number=SMALL)
    def overwrite_data(self, data: st.DataObject, number: int) -> None:
        i = self._pick(data)
        self.values[i].data = number
        self.numbers[i] = number

    @rule(data=st.data(), seed=SMALL)
    def sweep_backward(self, data: st.DataObject, seed: int) -> None:
        root = self._pick(data)
        self.values[root].backward(seed)
        for i in behind(self.records, root):
            grad, before = seed * derivative(self.records, root, i), self.grads[i]
            adds_up = self.records[i].symbol is None and before is not None
            self.grads[i] = grad + before if adds_up and before is not None else grad

    @rule(data=st.data())
    def forget_gradients(self, data: st.DataObject) -> None:
        root = self._pick(data)
        self.values[root].zero_grad()
        for i in behind(self.records, root):
            self.grads[i] = None

    @invariant()
    def numbers_agree(self) -> None:
        assert [value.data for value in self.values] == self.numbers

    @invariant()
    def gradients_agree(self) -> None:
        assert [value.grad for value in self.values] == self.grads

    @invariant()
    def edges_agree(self) -> None:
        for value, record in zip(self.values, self.records, strict=True):
            expected = [(self.values[parent], local) for parent, local in record.edges]
            edges = list(zip(value.parents, value.partials, strict=True))
            assert [(id(node), local) for node, local in edges] == [(id(node), local) for node, local in expected]


TestValues = Values.TestCase
TestValues.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)


def test_the_model_knows_the_chain_rule() -> None:
    records = Program((2, 3), (("*", 0, 1), ("+", 2, 0), ("*", 3, 3))).records()  # (x·y + x)² at x = 2, y = 3
    assert [derivative(records, 4, i) for i in range(5)] == [2 * 8 * 4, 2 * 8 * 2, 16, 16, 1]
