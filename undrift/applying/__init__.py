"""What a file says becomes what the service knows: checked rows are written, and reach the cases they are about.

Above the kinds of case, for a plan that ends or a child who moves has to reach what is open about that child in the
same transaction, whichever kind it is. Why:
docs/why/decisions/0011-applying-a-file-stands-above-the-kinds-of-case.md.
"""
