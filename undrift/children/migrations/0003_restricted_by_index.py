from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("children", "0002_need_to_know")]

    operations = [
        migrations.AddIndex(
            model_name="child",
            index=models.Index(
                condition=models.Q(("restricted", True)), fields=["authority"], name="children_restricted"
            ),
        ),
    ]
