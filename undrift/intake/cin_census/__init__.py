"""DfE's children in need census: its XML as a stream, and the rules by which DfE checks it."""
