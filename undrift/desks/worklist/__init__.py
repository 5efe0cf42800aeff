"""All resolutions that a person may see, narrowed as they like; and the search."""
