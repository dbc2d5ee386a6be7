"""`python -m autograd.cli` is `backprop`."""

from autograd.cli.command import main

main(prog_name="backprop")
