#!/usr/bin/env bash
# Three iCalendar libraries count "24 hours" as a day: over the clock change it is 25 or 23.
#
# Tried: icalendar 7.3.2, recurring-ical-events 3.8.2 and ical 14.3.1, on an event of PT24H that starts at noon in
#   London on the day before the clocks change, and on reminders 24 hours (PT24H) and a day (P1D) before a meeting.
# Best guess, before the run: PT24H ends 24 hours later, at 11:00 in October and at 13:00 in March, and P1D at the
#   same time of day; RFC 5545 keeps the two apart on purpose (section 3.3.6: days and weeks are nominal, hours are
#   exact).
# What happened: all three add PT24H to the time on the clock: 25 hours in October, 23 in March. The reminder "24
#   hours before" rings 25 hours before; it and the reminder "a day before" cannot be told apart once they are read.
# Matters to: deadlines in hours ("within 24 hours") that are sent out as calendar entries: the entry says another end
#   than the deadline has.
# Source: the libraries hold a duration as a timedelta, and Python adds one to a time in a zone on the clock's face.
#   Known elsewhere as libical issue 630 and ical.net issue 660; no report found for these three.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

"${PYTHON:-python3}" -m venv env
env/bin/pip install --quiet --disable-pip-version-check icalendar==7.3.2 recurring-ical-events==3.8.2 ical==14.3.1 \
  tzdata==2026.6

cat >entry.ics <<'ICS'
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//finding//hours//EN
BEGIN:VEVENT
UID:october
DTSTAMP:20260101T000000Z
DTSTART;TZID=Europe/London:20261024T120000
DURATION:PT24H
SUMMARY:answer within 24 hours
END:VEVENT
BEGIN:VEVENT
UID:march
DTSTAMP:20260101T000000Z
DTSTART;TZID=Europe/London:20260328T120000
DURATION:PT24H
SUMMARY:answer within 24 hours
END:VEVENT
BEGIN:VEVENT
UID:meeting
DTSTAMP:20260101T000000Z
DTSTART;TZID=Europe/London:20261025T120000
DTEND;TZID=Europe/London:20261025T130000
SUMMARY:meeting
BEGIN:VALARM
ACTION:DISPLAY
DESCRIPTION:hours
TRIGGER:-PT24H
END:VALARM
BEGIN:VALARM
ACTION:DISPLAY
DESCRIPTION:day
TRIGGER:-P1D
END:VALARM
END:VEVENT
END:VCALENDAR
ICS

env/bin/python - >seen <<'PY'
from datetime import UTC, date
from pathlib import Path

import icalendar
import recurring_ical_events
from ical.calendar_stream import IcsCalendarStream

text = "\r\n".join(Path("entry.ics").read_text().splitlines()) + "\r\n"


def hours(start, end):
    return (end.astimezone(UTC) - start.astimezone(UTC)).total_seconds() / 3600


read = icalendar.Calendar.from_ical(text)
ours = {str(event["UID"]): event for event in read.events}
theirs = {event.uid: event for event in IcsCalendarStream.calendar_from_ics(text).events}
found = recurring_ical_events.of(read)
for uid, day in (("october", date(2026, 10, 24)), ("march", date(2026, 3, 28))):
    print(uid, "icalendar", hours(ours[uid].start, ours[uid].end))
    print(uid, "recurring-ical-events", *[hours(event.start, event.end) for event in found.at(day)])
    print(uid, "ical", hours(theirs[uid].start, theirs[uid].end))
meeting = ours["meeting"]
print("reminders", [hours(time.trigger, meeting.start) for time in meeting.alarms.times])
PY

cat >expected <<'TEXT'
october icalendar 25.0
october recurring-ical-events 25.0
october ical 25.0
march icalendar 23.0
march recurring-ical-events 23.0
march ical 23.0
reminders [25.0, 25.0]
TEXT
diff -u expected seen || { echo "It no longer behaves as this finding says." >&2; exit 1; }
cat seen
