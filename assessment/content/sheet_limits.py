"""How much of a foreign file is read (RELIABILITY INP-07, INP-08): the reader keeps to it, the messages name it."""

from typing import Final

LARGEST_FILE: Final = 10 * 1024 * 1024
MOST_UNPACKED: Final = 50 * 1024 * 1024
MOST_RATIO: Final = 100
MOST_ENTRIES: Final = 200
MOST_ROWS: Final = 5_000
MOST_COLUMNS: Final = 200
LONGEST_CELL: Final = 32_767
MOST_FLAWS: Final = 1_000

CPU_SECONDS: Final = 10
WALL_SECONDS: Final = 20.0
MEMORY: Final = 512 * 1024 * 1024
