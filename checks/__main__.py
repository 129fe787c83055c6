"""`python -m checks` is the `keurmeester` command, also where the script folder is not on the PATH."""

from checks.cli import main

if __name__ == "__main__":
    main()
