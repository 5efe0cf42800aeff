"""The published policies as text, with worked examples, and the calendars they count on."""

from undrift.library.protocols import UnknownProtocol, areas_of, examples_of, load, shipped, text_of

__all__ = ["UnknownProtocol", "areas_of", "examples_of", "load", "shipped", "text_of"]
