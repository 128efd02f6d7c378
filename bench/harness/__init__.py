"""What all benchmarks share. A benchmark is one file beside `run`; see `harness/main.py` for what it holds."""
