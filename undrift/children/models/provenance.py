"""Where an imported fact came from, and what an import changed."""

from django.db import models

from undrift.people.models import Authority, Person


class ImportRun(models.Model):
    """One file applied to one authority, with what was found in it. A mere check leaves no run."""

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="import_runs")
    source_system = models.CharField(max_length=40, help_text="The format, such as annex-a.")
    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    as_at = models.DateField(help_text="The day the file describes.")
    started = models.DateTimeField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    counts = models.JSONField(default=dict)
    findings = models.JSONField(default=list, help_text="Place and reason of each finding; no names.")

    class Meta:
        ordering = ["-started", "-id"]
        indexes = [models.Index(fields=["authority", "source_system", "-started"])]


class ImportedRow(models.Model):
    """The latest state of one thing in the source, under the source's own key."""

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    source_system = models.CharField(max_length=40)
    entity = models.CharField(max_length=40, help_text="child or plan.")
    source_key = models.CharField(max_length=120)
    object_id = models.BigIntegerField(help_text="The child or plan it became.")
    row_hash = models.CharField(max_length=64, help_text="SHA-256 of the normalised values.")
    import_run = models.ForeignKey(
        ImportRun, on_delete=models.PROTECT, related_name="rows", help_text="The run that last changed it."
    )
    first_seen = models.DateTimeField()
    last_seen = models.DateTimeField()
    last_changed = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["entity", "object_id"])]
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "source_system", "entity", "source_key"],
                name="children_importedrow_key",
            ),
        ]


class ImportedChange(models.Model):
    """One value that an import replaced; the old value is kept beside the new one."""

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    row = models.ForeignKey(ImportedRow, on_delete=models.PROTECT, related_name="changes")
    import_run = models.ForeignKey(ImportRun, on_delete=models.PROTECT, related_name="changes")
    field = models.CharField(max_length=60)
    was = models.CharField(max_length=250, blank=True)
    now = models.CharField(max_length=250, blank=True)

    class Meta:
        ordering = ["id"]
