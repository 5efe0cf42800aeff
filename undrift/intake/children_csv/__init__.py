"""Our own CSV of children: what no case system's file holds, such as chairs, core groups and who is restricted."""
