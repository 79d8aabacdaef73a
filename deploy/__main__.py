"""`python -m soundings.deploy`: the command, where it is not on the path."""

from soundings.deploy.cli import main

if __name__ == "__main__":
    main()
