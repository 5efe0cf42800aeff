"""What a file says becomes what the service knows: checked, applied as it was shown, and undone as a whole.

A file is never believed by itself. It is compared with what is known (`comparing`, which writes nothing), written in a
handful of statements (`writing`), and what is open about its children follows in the same transaction (`following`):
that is why this room stands above the kinds of case. What somebody works on meanwhile is left for the worker's round.
Why: docs/why/decisions/0011-applying-a-file-stands-above-the-kinds-of-case.md.
"""
