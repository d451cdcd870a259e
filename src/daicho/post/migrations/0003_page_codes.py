from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("post", "0002_scan_document"),
    ]

    operations = [
        migrations.AddField(
            model_name="scanpage",
            name="codes",
            field=models.PositiveSmallIntegerField(default=0),
        ),
    ]
