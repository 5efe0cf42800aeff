"""The frame of every page: addresses and their rules, components, forms, navigation, and the second lock."""
