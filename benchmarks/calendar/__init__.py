"""The calendar, measured: `make bench-calendar`. See docs/calendar-benchmark.md for what is reached."""
