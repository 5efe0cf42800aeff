"""The command line: a policy explained, checked and tried; dates counted; files taken in; the record verified."""
