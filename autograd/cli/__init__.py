"""The command `backprop`: backpropagation in the terminal. It stands above all else, and draws with `viz`."""
