"""Lessons, one a file, each short enough to read in one sitting."""
