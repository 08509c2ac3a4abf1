"""The expected due times, by walking: minute by minute over Python's zoneinfo, with no cron library.

`walk.py YEAR ZONE < patterns` prints, for each change of the zone's clocks in the year, four days to
either side of it:

    window FROM TO                  instants in seconds since 1970, both midnights in UTC
    change AT BEFORE AFTER          the offsets from UTC in seconds
    daily M H | AT AT ...           a single minute and hour: once on each local day
    shown PATTERN | AT AT ...       the patterns: whenever the clock shows one of their times

`walk.py days < patterns` prints on which days of ten years the day fields of a pattern fit:

    days PATTERN | YYYY-MM-DD ...
"""

import calendar
import sys
from bisect import bisect_left
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
DAYS = "sun mon tue wed thu fri sat".split()


def plain(text, low, high, names=(), first=0):
    """The values of `*`, `a`, `a-b`, each with `/n`, and lists of them."""
    found = set()
    for part in text.lower().split(","):
        for place, name in enumerate(names):
            part = part.replace(name, str(place + first))
        span, _, step = part.partition("/")
        if span == "*":
            start, end = low, high
        else:
            start, _, end = span.partition("-")
            start, end = int(start), int(end or start)
            # A week may end on Sunday: `fri-sun`.
            end += 7 if names is DAYS and end < start else 0
        found.update(range(start, end + 1, int(step or 1)))
    return found


def weekday(day):
    """0 for Sunday."""
    return (day.weekday() + 1) % 7


def month_length(day):
    return calendar.monthrange(day.year, day.month)[1]


def nearest_weekday(day, number):
    """True where `day` is the working day nearest to the month's day `number`, in the same month."""
    if number > month_length(day):
        return False
    wanted = day.replace(day=number)
    working = [
        day.replace(day=d)
        for d in range(1, month_length(day) + 1)
        if day.replace(day=d).weekday() < 5
    ]
    # A Saturday goes to the Friday before it, a Sunday to the Monday after it, where the month has them.
    return day == min(working, key=lambda d: abs((d - wanted).days))


def fits_month_day(text, day):
    for part in text.lower().split(","):
        if part == "l":
            if day.day == month_length(day):
                return True
        elif part == "lw":
            rest = [day + timedelta(n) for n in range(1, month_length(day) - day.day + 1)]
            if day.weekday() < 5 and all(d.weekday() > 4 for d in rest):
                return True
        elif part.endswith("w"):
            if nearest_weekday(day, int(part[:-1])):
                return True
        elif day.day in plain(part, 1, 31):
            return True
    return False


def fits_week_day(text, day):
    for part in text.lower().split(","):
        span, _, which = part.partition("#")
        if part.endswith("l"):
            span, which = part[:-1].rstrip("#"), "l"
        values = plain(span, 0, 7, DAYS)
        if weekday(day) not in {value % 7 for value in values}:
            continue
        if which == "l" and day.day + 7 > month_length(day):
            return True
        if which == "" or which.isdigit() and (day.day - 1) // 7 + 1 == int(which):
            return True
    return False


def fits_day(pattern, day):
    _, _, month_day, month, week_day = pattern.split()
    if day.month not in plain(month, 1, 12, MONTHS, 1):
        return False
    both = week_day.startswith("+")
    week_day = week_day.lstrip("+")
    if month_day == "*" and week_day == "*":
        return True
    if month_day == "*":
        return fits_week_day(week_day, day)
    if week_day == "*":
        return fits_month_day(month_day, day)
    one, other = fits_month_day(month_day, day), fits_week_day(week_day, day)
    return (one and other) if both else (one or other)


def offset(at, zone):
    return int(datetime.fromtimestamp(at, zone).utcoffset().total_seconds())


def changes(zone, year):
    start = int(datetime(year, 1, 1, tzinfo=timezone.utc).timestamp())
    for hour in range(start, start + 365 * 86400, 3600):
        if offset(hour, zone) == offset(hour + 3600, zone):
            continue
        for at in range(hour, hour + 3600, 60):
            if offset(at, zone) != offset(at + 60, zone):
                yield at + 60


def window(zone, change, patterns):
    start = change // 86400 * 86400 - 4 * 86400
    end = start + 9 * 86400
    print("window", start, end)
    print("change", change, offset(change - 1, zone), offset(change, zone))
    # A day more on each side, so that no local day at the edge is half seen.
    instants = range(start - 86400, end + 86400 + 60, 60)
    clock = [datetime.fromtimestamp(at, zone).replace(tzinfo=None) for at in instants]
    latest = []
    for shown in clock:
        latest.append(max(shown, latest[-1]) if latest else shown)
    first, last = clock[0].date() + timedelta(1), clock[-1].date() - timedelta(1)
    days = [first + timedelta(n) for n in range((last - first).days + 1)]
    midnight = datetime.min.time()
    for hour in range(24):
        for minute in range(60):
            due = []
            for day in days:
                named = datetime.combine(day, midnight) + timedelta(hours=hour, minutes=minute)
                # The first instant at which the clock has come so far.
                due.append(instants[bisect_left(latest, named)])
            print("daily", minute, hour, "|", *[at for at in due if start < at <= end])
    for pattern in patterns:
        minutes = plain(pattern.split()[0], 0, 59)
        hours = plain(pattern.split()[1], 0, 23)
        fitting = {day for day in [first - timedelta(1), *days, last + timedelta(1)] if fits_day(pattern, day)}
        due = [
            at
            for at, shown in zip(instants, clock)
            if start < at <= end
            and shown.minute in minutes
            and shown.hour in hours
            and shown.date() in fitting
        ]
        print("shown", pattern, "|", *due)


def main():
    patterns = sys.stdin.read().splitlines()
    if sys.argv[1] == "days":
        days = [date(2024, 1, 1) + timedelta(n) for n in range(3653)]
        for pattern in patterns:
            print("days", pattern, "|", *[day for day in days if fits_day(pattern, day)])
        return
    year, zone = int(sys.argv[1]), ZoneInfo(sys.argv[2])
    for change in changes(zone, year):
        window(zone, change, patterns)


main()
