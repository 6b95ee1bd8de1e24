"""What stands where in the arrays of the kernel, and its limits."""

# `rows`: a contact each. The days LOW, HIGH, IDEAL are its window and the best day in it; GAP the clearance
# it asks for; PRIORITY 0 is first; GROUP and CAP what the caps count it as, and how many of those; OPEN the
# row of `days` that says when it can be made; LANE, of calls, the row with the calls left to its advisor;
# BEFORE the day that it may keep. DAY (given for PINNED) and WHY are the result, MOVED and TRIED notes.
# WAVE says when its turn comes, see place_households.
LOW, HIGH, IDEAL, GAP, PRIORITY, GROUP, CAP, OPEN, LANE, MANNER, BEFORE, DAY, WHY, MOVED, TRIED, WAVE = range(
    16
)
COLUMNS = 16
LAST_WAVE = 2**30
# GROUP.
CALL, EMAIL, POST, SHORT = range(1, 5)
# MANNER: what a contact does where it cannot have its best day. PINNED has its day already; HOLD is
# placed first and does not move for others; FLOAT goes where it is emptiest; DROP takes a free day or none.
PINNED, HOLD, SHIFT, FLOAT, DROP = range(5)
# WHY: what kept a contact off its best day (FREE: nothing), or off every day.
FREE, TOO_CLOSE, TOO_MANY, FULL, CLOSED, OUTSIDE, REPAIRED, KEPT = range(8)

# `days`: a column a day. First the rows of rules.open_days (0 is closed); then the calls that are left to
# the team, and to each advisor with a limit of his own.
TEAM = 3

# `notes`: the contact rules; how many stand in `live`, the household's live contacts by day, and in the
# trail; the first and last day of the crowd found last; the two days between which those who were in the way
# last forbid all days; how often a neighbour may still move a neighbour of its own; then the trail: contact
# and former day of each change since the last accepted one. A move, its neighbours and theirs are a dozen
# entries.
MOST_TOUCHES, CAP_DAYS, CALL_GAP, SILENCE, LIVE, TRAIL, FIRST, LAST, SINCE, UNTIL, SWAPS, FIRST_MOVE = range(
    12
)
MOST_CHANGES = 64
NOTES = FIRST_MOVE + 2 * MOST_CHANGES

# An entry of `live` is a contact and, above these bits, its day, so that days are found without `rows`.
WHO_BITS = 32

OUT = -(2**30)  # no day
NEVER = 2**30  # the day after the last
NOBODY = -1
LEAST_URGENT = 20  # from this priority on all are worth the same
FIRST_RANK = 2**30  # floats move before contacts of any priority

# A contact that found no day tries at most TRIES / n days with neighbours moved, in a household of n: a
# fleet wants far more contacts than its caps allow, and moving them about would not change that.
TRIES = 8000
MOST_SWAPS = 2
# A call that found every day full asks at most so many others to move; rounds end the chains of those who
# had to go and ask in turn. Both are reached where calls are short everywhere, and only there.
MOST_ASKED = 16
MOST_LOOKED_AT = 4  # of a day, the least urgent: the cost must not grow with the size of the team
ROUNDS = 8
