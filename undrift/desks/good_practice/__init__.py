"""The good practice report: what was published, and what stands in the next one."""
