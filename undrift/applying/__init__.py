"""What a file says becomes what the service knows: checked rows are written, and what is open follows afterwards.

No case is touched by a file. A plan that ends, a new chair or a child who moves is found by the worker's next round
(`resolutions.plans_ended`, `record.handing_on`), which writes it into the history of each case that it is about. It
stands above the kinds of case, so that it could call one. Why:
docs/why/decisions/0011-applying-a-file-stands-above-the-kinds-of-case.md.
"""
