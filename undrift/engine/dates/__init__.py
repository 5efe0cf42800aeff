"""Due dates: counting on a calendar, moments in London time, and the proof of each date."""
