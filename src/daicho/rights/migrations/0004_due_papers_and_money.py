"""Indexes for what lies here and is due: copies to destroy, money orders to cash."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("rights", "0003_working")]

    operations = [
        migrations.AddIndex(
            model_name="requestdocument",
            index=models.Index(
                condition=models.Q(("dispose_on__isnull", False), ("disposed_on", None)),
                fields=["dispose_on"],
                name="papers_to_destroy",
            ),
        ),
        migrations.AddIndex(
            model_name="feeinstrument",
            index=models.Index(
                condition=models.Q(("cashed_on", None), ("returned_on", None)),
                fields=["expires_on"],
                name="money_in_hand",
            ),
        ),
    ]
