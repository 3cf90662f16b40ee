"""`python -m hexmark` is `hexmark`."""

from hexmark.cli import main

main(prog_name="hexmark")
