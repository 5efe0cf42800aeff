"""The plan cycle of a family's children: conferences, core groups, checks, and what follows between them.

A case is one family's. Whoever keeps it, and whoever shows it, asks these and nothing else of the room:

- `acts`, `decide.decide` (events or a refusal) and `decide.moves` (each act with yes or why not);
- `fold.fold` and `fold.advance`: history to `state.State`; `kinds.ACTS` and `kinds.EVENTS`, one row each;
- `agenda.agenda`: every duty, met or not; `standing.standing`: whose turn; `told.told`: who hears of an event;
- `telling.entries`: the history in words, each entry with the children whom it is of;
- `offers.offers`: what a concern may be raised of; `prompts.prompts`: what a check should not overlook;
- `on_file.known`: the state with what files say of it, for `agenda`, `standing` and `offers`; `decide` and `prompts`
  are given the file beside the history's own state;
- `agenda.limit_of` and `beside.last_day_of`: the last day for the next conference and for an appeal, with their proofs.
"""
