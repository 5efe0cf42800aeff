"""Who may see what. A resolution or a child is fetched through here alone: whoever holds one has been checked.

What somebody may see follows from posts, cover, children and lists, by the declared `matrix`, never from an account's
flag. What is out of scope is as absent as what does not exist. Every fetch of one record, and every refusal, is kept
as a look. This is the first lock; PostgreSQL itself is the second (`second_lock`).
"""
