"""The placement of one household after another, compiled: integers in, days and reasons out.

A contact is a row of `rows` (a column per fact, see `columns`); the rows of a household stand together,
the first to be placed first. Days count from the as-of day. From the bottom up: `line` keeps the live
contacts of the household at work sorted by day, so that whoever stands too close or makes a crowd is found
beside the day, and the cost does not depend on the length of the calendar; `obstacles` are the rules;
`free_days` finds a day that is free, `room` one that others make free; `exchange` and `silences` better what
stands; `household` does all of it for one household, `team` between households that share a team;
`placement` is the way in.
"""
