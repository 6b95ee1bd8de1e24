"""The command line: options, the clock, files, printing and exit codes. The work is in `planner`."""
